// SPDX-License-Identifier: GPL-2.0-only
// Assertions about the answer of a call, with errnos by name.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conformance/trace.h"
#include "sys/result.h"

namespace conformance {

// `text` is the call as it is written in the case. GoogleTest's own names have macros expanded:
// O_RDONLY is 00. Both functions add the call to the trace.
testing::AssertionResult answersOk(const char* text_name, const char* call_name, const char* text,
                                   const sys::Result& result);
testing::AssertionResult answersErrno(const char* text_name, const char* call_name,
                                      const char* errno_name, const char* text,
                                      const sys::Result& result, int error);

// A line of a case. Not std::source_location, which clang 14 does not have.
struct Line {
  const char* file;
  int number;

  static constexpr Line current(const char* file = __builtin_FILE(),
                                int number = __builtin_LINE()) {
    return {file, number};
  }
};

// A helper that asserts takes one as its last parameter, with the default Line::current(): until it
// returns, whatever fails is reported at the line of the case that called it.
class CalledFrom {
 public:
  CalledFrom(const Line& line);
  CalledFrom(const CalledFrom&) = delete;
  CalledFrom& operator=(const CalledFrom&) = delete;
  ~CalledFrom();
};

// Where to report a failure that this thread found at `found`, "cases/a.cc:12": at the line of the
// case, followed by `found` if that is in a helper.
std::string placeOfFailure(const std::string& found);
// "conformance/cases/a2_every_fd.cc:12", from the path that the compiler was given.
std::string place(const std::string& path, int line);

}  // namespace conformance

// The call succeeds.
#define EXPECT_OK(call) EXPECT_PRED_FORMAT2(::conformance::answersOk, #call, call)
// The call fails with exactly this errno.
#define EXPECT_ERRNO(call, error) \
  EXPECT_PRED_FORMAT3(::conformance::answersErrno, #call, call, error)
// The call returns the same as on the bare filesystem. For cases that are `.as_plain`.
#define COMPARE(call) ::conformance::currentTrace().add(#call, call, true)
