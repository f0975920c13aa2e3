// SPDX-License-Identifier: GPL-2.0-only
// Whether a splat belongs to a case, and to which, or to the machine, whatever follows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/session_script.h"

namespace runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SessionSplat, ASplatIsTheRunningCasesAndKeepsItsOwnVerdictInTheReason) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: CPU: 0 PID: 1");
    say(listener, {verdict(kFirst), start(kSecond), verdict(kSecond)});
    listener.splat("BUG: late");  // the console may be behind the verdicts
    say(listener, {start(kThird), verdict(kThird), end(3)});
    return endedAfterSplats(qemu::EndKind::finished, {"WARNING: CPU: 0 PID: 1", "BUG: late"});
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::splat, Verdict::splat, Verdict::pass));
  EXPECT_EQ(result.cases[0].reason, "WARNING: CPU: 0 PID: 1 (the case itself: pass)");
  EXPECT_EQ(result.cases[1].reason, "BUG: late (the case itself: pass)");
  EXPECT_EQ(result.verdict, Verdict::pass) << "told by the cases";
}

TEST(SessionSplat, ASplatBeforeTheFirstCaseIsTheMachines) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    listener.splat("WARNING: at boot");
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond), verdict(kSecond),
                   start(kThird), verdict(kThird), end(3)});
    return endedAfterSplats(qemu::EndKind::finished, {"WARNING: at boot"});
  });
  EXPECT_EQ(result.verdict, Verdict::splat);
  EXPECT_EQ(result.detail, "WARNING: at boot");
}

TEST(SessionSplat, AHangAfterAnEarlierSplatIsAHangOfTheCaseThatHung) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: early");
    say(listener, {verdict(kFirst), start(kSecond)});
    return endedAfterSplats(qemu::EndKind::timeout, {"WARNING: early"});
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::splat, Verdict::timeout, Verdict::lost));
  EXPECT_EQ(result.cases[1].reason, "what was seen");
  EXPECT_THAT(result.cases[2].reason, HasSubstr("the machine hung in A1.First/ext4/overlay"));
}

TEST(SessionSplat, AHangAfterASplatAtBootLeavesTheSplatToTheMachine) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    listener.splat("WARNING: at boot");
    say(listener, {hello(3), start(kFirst)});
    return endedAfterSplats(qemu::EndKind::timeout, {"WARNING: at boot"});
  });
  EXPECT_EQ(result.verdict, Verdict::splat);
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::timeout, Verdict::lost, Verdict::lost));
}

TEST(SessionSplat, ASplatAndAHangInOneCaseAreBothReported) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: now");
    return endedAfterSplats(qemu::EndKind::timeout, {"WARNING: now"});
  });
  EXPECT_EQ(result.cases[0].verdict, Verdict::splat);
  EXPECT_EQ(result.cases[0].reason, "WARNING: now (then: what was seen)");
}

TEST(SessionSplat, APanicOutweighsTheSplatBeforeIt) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("BUG: first");
    qemu::Outcome outcome = ended(qemu::EndKind::panic, "the kernel panicked: why");
    outcome.splats = {"BUG: first"};
    return outcome;
  });
  EXPECT_EQ(result.cases[0].verdict, Verdict::panic);
  EXPECT_EQ(result.cases[0].reason, "the kernel panicked: why (before it: BUG: first)");
}

TEST(SessionSplat, ASplatInACaseWithoutAVerdictIsNotLost) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: one");
    say(listener, {start(kSecond), verdict(kSecond), start(kThird)});
    listener.splat("WARNING: two");
    listener.line(end(1));
    return endedAfterSplats(qemu::EndKind::finished, {"WARNING: one", "WARNING: two"});
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::splat, Verdict::pass, Verdict::splat));
  EXPECT_THAT(result.cases[0].reason, HasSubstr("WARNING: one (then: the guest started another"));
  EXPECT_EQ(result.cases[2].reason,
            "WARNING: two (then: the guest ended while the case was running)");
}

TEST(SessionSplat, AMachineThatHangsAtPowerOffIsNotHiddenByTheSplatOfACase) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: early");
    say(listener, {verdict(kFirst), start(kSecond), verdict(kSecond), start(kThird),
                   verdict(kThird), end(3)});
    return endedAfterSplats(qemu::EndKind::timeout, {"WARNING: early"});
  });
  EXPECT_EQ(result.verdict, Verdict::timeout);
  EXPECT_THAT(result.detail, HasSubstr("what was seen"));
}

}  // namespace
}  // namespace runner
