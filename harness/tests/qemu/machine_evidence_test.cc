// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "qemu/evidence.h"

namespace qemu {
namespace {

using testing::HasSubstr;

Evidence ended(Kind kind) {
  Evidence evidence;
  evidence.kind = kind;
  evidence.cause = Cause::ended;
  evidence.exit = sys::Exit{0, 0};
  evidence.powered_off = kind != Kind::userModeLinux;
  evidence.heard = true;
  return evidence;
}

class EveryKind : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Machine, EveryKind,
                         testing::Values(Kind::userModeLinux, Kind::qemu, Kind::vng));

TEST_P(EveryKind, FinishedNeedsAPowerOffAfterTheLastWord) {
  Evidence evidence = ended(GetParam());
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::powered_off);
  evidence.complete = true;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::finished);
}

// Its status is 0 however QEMU ended.
TEST(VirtmeNg, EndsWellOnlyWhenTheKernelSaysSo) {
  Evidence evidence = ended(Kind::vng);
  evidence.complete = true;
  evidence.powered_off = false;
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::lost);
  EXPECT_EQ(outcome.detail, "virtme-ng ended with status 0");
}

TEST_P(EveryKind, APanicTakesPrecedence) {
  Evidence evidence = ended(GetParam());
  evidence.complete = true;
  evidence.splats = {"WARNING: a"};
  evidence.panic = "Kernel panic - not syncing: why";
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::panic);
  EXPECT_THAT(outcome.detail, HasSubstr("not syncing: why"));
  EXPECT_THAT(outcome.detail, HasSubstr("after the last verdict"));
}

TEST_P(EveryKind, ASplatIsNeverHiddenByAGoodEnd) {
  Evidence evidence = ended(GetParam());
  evidence.complete = true;
  evidence.splats = {"WARNING: a", "WARNING: b"};
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::splat);
  EXPECT_THAT(outcome.detail, HasSubstr("2 times, first: WARNING: a"));
}

TEST_P(EveryKind, ASplatSaysWhatFollowedIt) {
  Evidence evidence = ended(GetParam());
  evidence.cause = Cause::silence;
  evidence.splats = {"INFO: task a:1 blocked for more than 120 seconds."};
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::splat);
  EXPECT_THAT(outcome.detail, HasSubstr("no word from the guest"));
  EXPECT_EQ(outcome.end, EndKind::timeout) << "the end is not hidden by what came before it";
  EXPECT_THAT(outcome.end_detail, testing::StartsWith("no word from the guest"));
}

TEST_P(EveryKind, WithoutASplatTheEndIsTheKind) {
  Evidence evidence = ended(GetParam());
  evidence.complete = true;
  EXPECT_EQ(judgeMachine(evidence).end, EndKind::finished);
  EXPECT_EQ(judgeMachine(evidence).end_detail, judgeMachine(evidence).detail);
  evidence.panic = "Kernel panic - not syncing: why";
  EXPECT_EQ(judgeMachine(evidence).end, EndKind::panic);
}

TEST_P(EveryKind, AKilledProcessIsLost) {
  Evidence evidence = ended(GetParam());
  evidence.powered_off = false;
  evidence.complete = true;
  evidence.exit = sys::Exit{0, SIGKILL};
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::lost);
  EXPECT_THAT(outcome.detail, HasSubstr("signal 9"));
}

TEST_P(EveryKind, AnEndBeforeTheFirstWordNamesTheLastConsoleLine) {
  Evidence evidence = ended(GetParam());
  evidence.powered_off = evidence.heard = false;
  evidence.exit = sys::Exit{1, 0};
  evidence.console_tail = {"not a kernel", "  "};
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::never_booted);
  EXPECT_THAT(outcome.detail, HasSubstr("status 1"));
  EXPECT_THAT(outcome.detail, HasSubstr("not a kernel"));
}

TEST_P(EveryKind, LimitsAreNamed) {
  Evidence evidence = ended(GetParam());
  evidence.exit = sys::Exit{0, SIGKILL};
  evidence.powered_off = false;
  evidence.limits = {.boot = std::chrono::seconds(11),
                     .silence = std::chrono::seconds(22),
                     .shutdown = std::chrono::seconds(33)};
  evidence.cause = Cause::silence;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::timeout);
  EXPECT_THAT(judgeMachine(evidence).detail, HasSubstr("22 s"));
  evidence.cause = Cause::no_shutdown;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::timeout);
  EXPECT_THAT(judgeMachine(evidence).detail, HasSubstr("33 s"));
  evidence.cause = Cause::silent_boot;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::never_booted);
  EXPECT_THAT(judgeMachine(evidence).detail, HasSubstr("11 s"));
  evidence.cause = Cause::console_flooded;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::flooded);
  evidence.cause = Cause::endless_line;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::flooded);
}

TEST_P(EveryKind, APartialLineIsReported) {
  Evidence evidence = ended(GetParam());
  evidence.partial_line = true;
  EXPECT_THAT(judgeMachine(evidence).detail, HasSubstr("middle of a line"));
}

TEST(MachineEvidence, AResetIsNoPowerOff) {
  Evidence evidence = ended(Kind::qemu);
  evidence.powered_off = false;
  evidence.reset = true;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::powered_off);
  EXPECT_THAT(judgeMachine(evidence).detail, HasSubstr("restarted"));
  evidence.complete = true;
  EXPECT_EQ(judgeMachine(evidence).kind, EndKind::lost) << "a triple fault, for all we know";
}

TEST(MachineEvidence, SaysThatUserModeLinuxCannotRunHere) {
  Evidence evidence = ended(Kind::userModeLinux);
  evidence.heard = false;
  evidence.exit = sys::Exit{0, SIGABRT};
  evidence.console_tail = {"[    0.100000] ptrace set fp regs failed, errno = 22", "Aborted"};
  const Outcome outcome = judgeMachine(evidence);
  EXPECT_EQ(outcome.kind, EndKind::never_booted);
  EXPECT_THAT(outcome.detail, HasSubstr("cannot run on this processor"));
  EXPECT_THAT(outcome.detail, HasSubstr("use QEMU"));
}

}  // namespace
}  // namespace qemu
