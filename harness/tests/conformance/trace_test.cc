// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using sys::Result;
using testing::HasSubstr;
using testing::Not;

Trace traceOf(const std::vector<TracedCall>& steps) {
  Trace trace;
  for (const TracedCall& step : steps) trace.add(step.call, step.result);
  return trace;
}

const TracedCall kReport{"file.syncfs()", Result::failure(EIO)};
const TracedCall kNoReport{"file.syncfs()", Result::success()};

TEST(TraceTest, IsEqualOnlyStepByStep) {
  EXPECT_EQ(traceOf({kReport, kNoReport}), traceOf({kReport, kNoReport}));
  EXPECT_FALSE(traceOf({kReport, kNoReport}) == traceOf({kNoReport, kReport}));
  EXPECT_FALSE(traceOf({kReport}) == traceOf({kReport, kNoReport}));
  EXPECT_FALSE(traceOf({kReport}) == traceOf({{"other.syncfs()", Result::failure(EIO)}}));
  EXPECT_FALSE(traceOf({kReport}) == traceOf({{"file.syncfs()", Result::failure(ENOSPC)}}));
}

TEST(TraceTest, ProvesSomethingOnceACallHasFailed) {
  EXPECT_FALSE(traceOf({}).provesSomething());
  EXPECT_FALSE(traceOf({kNoReport, kNoReport}).provesSomething());
  EXPECT_TRUE(traceOf({kNoReport, kReport}).provesSomething());
}

TEST(TraceTest, ShowsBothAndMarksWhatDiffers) {
  const std::string text = traceOf({kReport, kReport}).besideOracle(traceOf({kReport, kNoReport}));
  EXPECT_THAT(text, HasSubstr("file.syncfs(): bare EIO (Input/output error), here EIO"));
  EXPECT_THAT(text, HasSubstr("! file.syncfs(): bare success, here EIO (Input/output error)"));
  EXPECT_THAT(text, Not(HasSubstr("! file.syncfs(): bare EIO")));
}

TEST(TraceTest, ShowsAStepThatOneSideDoesNotHave) {
  EXPECT_THAT(traceOf({kReport}).besideOracle(traceOf({kReport, kNoReport})),
              HasSubstr("! file.syncfs(): bare success, here not called"));
  EXPECT_THAT(traceOf({kReport, kNoReport}).besideOracle(traceOf({kReport})),
              HasSubstr("! file.syncfs(): bare not called, here success"));
}

}  // namespace
}  // namespace conformance
