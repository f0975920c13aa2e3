// SPDX-License-Identifier: GPL-2.0-only
#include "runner/shell/shell_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/base/failure.h"
#include "tests/support/ended_machine.h"

namespace runner {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// For a guest that sent these lines.
Failure failureOf(const std::vector<std::string>& lines, qemu::EndKind kind) {
  return runner::failureOf(ShellRecord({}), lines, kind);
}

TEST(ShellRecord, GivesTheStatusOfTheShell) {
  int opened = 0;
  ShellRecord record([&] { ++opened; });
  record.line(R"({"event":"hello","kernel":"7.3.4"})");
  record.line(R"({"event":"hello","kernel":"7.3.4"})");
  EXPECT_EQ(opened, 1);
  EXPECT_FALSE(record.complete());
  record.line(R"({"event":"exit","status":7})");
  EXPECT_TRUE(record.complete());
  EXPECT_EQ(record.judge(ended(qemu::EndKind::finished)), 7);
}

TEST(ShellRecord, APersonMayThinkForHours) {
  EXPECT_GT(ShellRecord({}).limits().silence, std::chrono::hours(24));
  EXPECT_LT(ShellRecord({}).limits().boot, std::chrono::minutes(5));
}

TEST(ShellRecord, EveryOtherEndHasItsStatus) {
  const std::string exit = R"({"event":"exit","status":0})";
  using qemu::EndKind;
  EXPECT_EQ(failureOf({}, EndKind::finished).status(), ExitStatus::error);
  EXPECT_EQ(failureOf({exit}, EndKind::panic).status(), ExitStatus::panic);
  EXPECT_EQ(failureOf({exit}, EndKind::splat).status(), ExitStatus::splat);
  EXPECT_EQ(failureOf({exit}, EndKind::timeout).status(), ExitStatus::timeout);
  for (const EndKind kind : {EndKind::flooded, EndKind::never_booted, EndKind::lost}) {
    EXPECT_EQ(failureOf({exit}, kind).status(), ExitStatus::lost);
  }
}

TEST(ShellRecord, ShowsTheEndOfTheConsole) {
  EXPECT_THAT(failureOf({}, qemu::EndKind::panic).what(),
              AllOf(HasSubstr("what was seen"), HasSubstr("line 30."), HasSubstr("line 11."),
                    Not(HasSubstr("line 10."))));
}

TEST(ShellRecord, NamesAnEarlyPowerOff) {
  const Failure failure = failureOf({}, qemu::EndKind::powered_off);
  EXPECT_EQ(failure.status(), ExitStatus::lost);
  EXPECT_STREQ(failure.what(), "the guest powered off before its shell exited");
}

TEST(ShellRecord, SaysWhatTheGuestLacks) {
  const Failure failure = failureOf({R"({"event":"unable","what":"no overlayfs"})",
                                     R"({"event":"unable","what":"no device-mapper"})"},
                                    qemu::EndKind::powered_off);
  EXPECT_EQ(failure.status(), ExitStatus::error);
  EXPECT_THAT(failure.what(), HasSubstr("no overlayfs; no device-mapper"));
}

TEST(ShellRecord, IgnoresAnythingButEvents) {
  int opened = 0;
  ShellRecord record([&] { ++opened; });
  for (const char* line : {"", "hello", "[]", R"({"event":7})", R"({"event":"exit"})",
                           R"({"event":"exit","status":"0"})", R"({"event":"else"})"}) {
    record.line(line);
  }
  EXPECT_EQ(opened, 0);
  EXPECT_FALSE(record.complete());
}

}  // namespace
}  // namespace runner
