// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/expect.h"

#include <vector>

namespace conformance {
namespace {

// Where the helpers that are running were called, outermost first; per thread.
thread_local std::vector<Line> callers;

}  // namespace

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

CalledFrom::CalledFrom(const Line& line) {
  callers.push_back(line);
}

CalledFrom::~CalledFrom() {
  callers.pop_back();
}

std::string placeOfFailure(const std::string& found) {
  if (callers.empty()) return found;
  const Line& line = callers.front();
  return place(line.file, line.number) + " (at " + found + ')';
}

std::string place(const std::string& path, int line) {
  const std::size_t directory = path.rfind("conformance/");
  return (directory == std::string::npos ? path : path.substr(directory)) + ':' +
         std::to_string(line);
}

}  // namespace conformance
