// SPDX-License-Identifier: GPL-2.0
// What a case says about an answer: expected and got, in the kernel's own names.
#pragma once

#include <gtest/gtest.h>

#include "conformance/trace.h"
#include "sys/result.h"

namespace conformance {

// `text` is the call as it is written in the case; the other names are GoogleTest's, which sees
// O_RDONLY as 00. Both add the call to the trace.
testing::AssertionResult answersOk(const char* text_name, const char* call_name, const char* text,
                                   const sys::Result& result);
testing::AssertionResult answersErrno(const char* text_name, const char* call_name,
                                      const char* errno_name, const char* text,
                                      const sys::Result& result, int error);

}  // namespace conformance

// The call succeeds.
#define EXPECT_OK(call) EXPECT_PRED_FORMAT2(::conformance::answersOk, #call, call)
// The call fails with exactly this errno.
#define EXPECT_ERRNO(call, error) \
  EXPECT_PRED_FORMAT3(::conformance::answersErrno, #call, call, error)
// The call answers what it answers on the bare filesystem. For cases that are `.as_plain`.
#define COMPARE(call) ::conformance::currentTrace().add(#call, call, true)
