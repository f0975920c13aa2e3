// SPDX-License-Identifier: GPL-2.0
#include "conformance/expect.h"

namespace conformance {

testing::AssertionResult answersOk(const char* /*text_name*/, const char* /*call_name*/,
                                   const char* text, const sys::Result& result) {
  currentTrace().add(text, result);
  if (result.ok()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << text << ": expected success, got " << result;
}

testing::AssertionResult answersErrno(const char* /*text_name*/, const char* /*call_name*/,
                                      const char* /*errno_name*/, const char* text,
                                      const sys::Result& result, int error) {
  currentTrace().add(text, result);
  const sys::Result expected = sys::Result::failure(error);
  if (result == expected) return testing::AssertionSuccess();
  return testing::AssertionFailure() << text << ": expected " << expected << ", got " << result;
}

}  // namespace conformance
