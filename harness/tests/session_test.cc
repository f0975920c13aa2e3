// SPDX-License-Identifier: GPL-2.0
#include "runner/session.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const PlannedCase kFirst{"A1.First", "A1", "ext4", "plain"};
const PlannedCase kSecond{"A1.First", "A1", "ext4", "overlay"};
const PlannedCase kThird{"A2.Third", "A2", "ext4", "overlay"};

std::string hello(int cases) {
  return fmt::format(R"({{"event":"hello","protocol":1,"kernel":"7.3.4","cases":{}}})", cases);
}
std::string start(const PlannedCase& of, int limit = 20) {
  return fmt::format(R"({{"event":"start","case":"{}","requirement":"{}","filesystem":"{}",)"
                     R"("subject":"{}","limit_seconds":{}}})",
                     of.name, of.requirement, of.filesystem, of.subject, limit);
}
std::string verdict(const PlannedCase& of, const std::string& word = "pass") {
  return fmt::format(R"({{"event":"verdict","case":"{}","requirement":"{}","filesystem":"{}",)"
                     R"("subject":"{}","verdict":"{}","reason":"","milliseconds":1.0,)"
                     R"("failures":[],"faults":[]}})",
                     of.name, of.requirement, of.filesystem, of.subject, word);
}
std::string end(int verdicts) {
  return fmt::format(R"({{"event":"end","verdicts":{}}})", verdicts);
}

class Silent : public RunObserver {
 public:
  void machineStarted(std::size_t) override {}
  void machineBooted(std::size_t, const std::string&) override {}
  void caseStarted(std::size_t, const PlannedCase&) override {}
  void caseEnded(std::size_t, const CaseResult&) override {}
  void machineEnded(std::size_t, const MachineResult&) override {}
};

MachinePlan plan() {
  MachinePlan plan;
  plan.cases = {kFirst, kSecond, kThird};
  plan.result.filesystem = "ext4";
  plan.result.series_on = true;
  return plan;
}

qemu::Outcome ended(qemu::EndKind kind, const std::string& detail = "") {
  qemu::Outcome outcome;
  outcome.kind = kind;
  outcome.detail = detail;
  outcome.console_tail = {"the last line"};
  return outcome;
}

// Runs one machine that does what `script` does with its listener.
MachineResult runScript(const std::function<qemu::Outcome(qemu::Listener&)>& script) {
  Silent silent;
  const MachineFunction machine = [&](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener& listener) { return script(listener); };
  return runMachines({plan()}, 1, machine, silent).machines.at(0);
}

std::vector<Verdict> verdictsOf(const MachineResult& result) {
  std::vector<Verdict> verdicts;
  for (const CaseResult& each : result.cases) verdicts.push_back(each.verdict);
  return verdicts;
}

void say(qemu::Listener& listener, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) listener.line(line);
}

TEST(Session, AGoodRunHasEveryVerdictInThePlannedOrder) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kThird), verdict(kThird, "fail"),
                   start(kSecond), verdict(kSecond, "skip")});
    EXPECT_FALSE(listener.complete());
    listener.line(end(3));
    EXPECT_TRUE(listener.complete());
    return ended(qemu::EndKind::finished);
  });
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_EQ(result.kernel, "7.3.4");
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::pass, Verdict::skip, Verdict::fail));
}

struct BadEnd {
  qemu::EndKind kind;
  Verdict verdict;
  const char* words;
};

class SessionEnds : public ::testing::TestWithParam<BadEnd> {};

TEST_P(SessionEnds, TheRunningCaseIsNamedAndTheRestIsLost) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond)});
    return ended(GetParam().kind, "what was seen");
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::pass, GetParam().verdict, Verdict::lost));
  EXPECT_EQ(result.cases[1].reason, "what was seen");
  EXPECT_THAT(result.cases[1].console, ElementsAre("the last line"));
  EXPECT_TRUE(result.cases[1].reached);
  EXPECT_FALSE(result.cases[2].reached);
  EXPECT_THAT(result.cases[2].reason, HasSubstr("not run: the machine"));
  EXPECT_THAT(result.cases[2].reason, HasSubstr(GetParam().words));
  EXPECT_THAT(result.cases[2].reason, HasSubstr("A1.First/ext4/overlay"));
  EXPECT_EQ(result.verdict, Verdict::pass) << "the case tells it already";
}

TEST_P(SessionEnds, WithoutARunningCaseTheMachineIsNamed) {
  const MachineResult result =
      runScript([](qemu::Listener&) { return ended(GetParam().kind, "what was seen"); });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::lost, Verdict::lost, Verdict::lost));
  EXPECT_EQ(result.verdict, GetParam().verdict);
  EXPECT_THAT(result.detail, HasSubstr("what was seen"));
  EXPECT_THAT(result.detail, HasSubstr("before the first case"));
  EXPECT_THAT(result.console_tail, ElementsAre("the last line"));
}

INSTANTIATE_TEST_SUITE_P(
    All, SessionEnds,
    ::testing::Values(BadEnd{qemu::EndKind::panic, Verdict::panic, "panicked"},
                      BadEnd{qemu::EndKind::splat, Verdict::splat, "kernel complaint"},
                      BadEnd{qemu::EndKind::timeout, Verdict::timeout, "hung"},
                      BadEnd{qemu::EndKind::flooded, Verdict::lost, "flooded"},
                      BadEnd{qemu::EndKind::never_booted, Verdict::lost, "never booted"},
                      BadEnd{qemu::EndKind::powered_off, Verdict::lost, "powered off"},
                      BadEnd{qemu::EndKind::lost, Verdict::lost, "died"}));

TEST(Session, APanicAfterTheLastVerdictIsTheMachines) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond), verdict(kSecond),
                   start(kThird), verdict(kThird), end(3)});
    return ended(qemu::EndKind::panic, "at power off");
  });
  EXPECT_EQ(result.verdict, Verdict::panic);
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::pass, Verdict::pass, Verdict::pass));
}

TEST(Session, ASplatIsTheRunningCasesAndKeepsItsOwnVerdictInTheReason) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst)});
    listener.splat("WARNING: CPU: 0 PID: 1");
    say(listener, {verdict(kFirst), start(kSecond), verdict(kSecond)});
    listener.splat("BUG: late");  // the console may be behind the verdicts
    say(listener, {start(kThird), verdict(kThird), end(3)});
    qemu::Outcome outcome = ended(qemu::EndKind::splat);
    outcome.splats = {"WARNING: CPU: 0 PID: 1", "BUG: late"};
    return outcome;
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::splat, Verdict::splat, Verdict::pass));
  EXPECT_EQ(result.cases[0].reason, "WARNING: CPU: 0 PID: 1 (the case itself: pass)");
  EXPECT_EQ(result.cases[1].reason, "BUG: late (the case itself: pass)");
  EXPECT_EQ(result.verdict, Verdict::pass) << "told by the cases";
}

TEST(Session, ASplatBeforeTheFirstCaseIsTheMachines) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    listener.splat("WARNING: at boot");
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond), verdict(kSecond),
                   start(kThird), verdict(kThird), end(3)});
    return ended(qemu::EndKind::splat);
  });
  EXPECT_EQ(result.verdict, Verdict::splat);
  EXPECT_EQ(result.detail, "WARNING: at boot");
}

TEST(Session, AnUnableKernelIsAnErrorThatListsWhatIsMissing) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {R"~({"event":"unable","what":"no overlay (CONFIG_OVERLAY_FS)"})~",
                   R"~({"event":"unable","what":"no dm (CONFIG_BLK_DEV_DM)"})~"});
    EXPECT_TRUE(listener.complete());
    return ended(qemu::EndKind::finished);
  });
  EXPECT_EQ(result.verdict, Verdict::error);
  EXPECT_EQ(result.detail,
            "the kernel cannot run the suite: no overlay (CONFIG_OVERLAY_FS); no dm "
            "(CONFIG_BLK_DEV_DM)");
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::error, Verdict::error, Verdict::error));
  EXPECT_FALSE(result.cases[0].reached);
}

TEST(Session, CasesWithoutAVerdictAreErrorsThoughTheGuestSaysItIsDone) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), verdict(kFirst), end(1)});
    return ended(qemu::EndKind::finished);
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::pass, Verdict::error, Verdict::error));
}

// Everything that is said against the protocol makes the machine an error and loses no verdict.
TEST(Session, BreachesOfTheProtocolAreErrors) {
  const PlannedCase stranger{"Z9.Stranger", "Z9", "ext4", "plain"};
  const std::vector<std::string> all = {start(kFirst),    verdict(kFirst), start(kSecond),
                                        verdict(kSecond), start(kThird),   verdict(kThird)};
  const auto withExtra = [&](std::vector<std::string> extra, int verdicts, int cases = 3) {
    return runScript([&](qemu::Listener& listener) {
      listener.line(hello(cases));
      say(listener, all);
      say(listener, extra);
      listener.line(end(verdicts));
      return ended(qemu::EndKind::finished);
    });
  };
  EXPECT_EQ(withExtra({}, 3).verdict, Verdict::pass);
  EXPECT_THAT(withExtra({"garbage"}, 3).detail, HasSubstr("garbage"));
  EXPECT_THAT(withExtra({}, 2).detail, HasSubstr("gave 2 verdicts, and 3 arrived"));
  EXPECT_THAT(withExtra({}, 3, 4).detail, HasSubstr("4 cases, and 3 are planned"));
  EXPECT_THAT(withExtra({verdict(kFirst)}, 4).detail, HasSubstr("not running"));
  EXPECT_EQ(withExtra({"garbage"}, 3).verdict, Verdict::error);

  const MachineResult twice = withExtra({start(kFirst), verdict(kFirst, "fail")}, 4);
  EXPECT_THAT(twice.detail, HasSubstr("second verdict"));
  EXPECT_EQ(twice.cases[0].verdict, Verdict::fail) << "the worse one stays";

  const MachineResult unplanned = withExtra({start(stranger), verdict(stranger)}, 4);
  EXPECT_THAT(unplanned.detail, HasSubstr("not planned"));
  ASSERT_EQ(unplanned.cases.size(), 4u);
  EXPECT_EQ(unplanned.cases[3].name, "Z9.Stranger");
}

TEST(Session, ACaseThatNeverGaveAVerdictBeforeTheNextIsAnError) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), start(kSecond), verdict(kSecond), start(kThird),
                   verdict(kThird), end(2)});
    return ended(qemu::EndKind::finished);
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::error, Verdict::pass, Verdict::pass));
}

TEST(Session, TheAllowedSilenceFollowsTheLimitOfTheCase) {
  Silent silent;
  const MachineFunction machine = [](qemu::Kind, const qemu::Boot&, const qemu::Limits& limits,
                                     qemu::Listener& listener) {
    const auto between = limits.silence;
    listener.line(start(kFirst, 77));
    EXPECT_EQ(limits.silence, std::chrono::seconds(77));
    listener.line(verdict(kFirst));
    EXPECT_EQ(limits.silence, between);
    return ended(qemu::EndKind::lost);
  };
  runMachines({plan()}, 1, machine, silent);
}

TEST(Session, ACaseThatFailedCarriesWhatTheConsoleSaidMeanwhile) {
  const std::string log = ::testing::TempDir() + "session_test_console.log";
  std::ofstream console(log, std::ios::trunc);
  MachinePlan planned = plan();
  planned.result.console_log = log;
  Silent silent;
  const MachineFunction machine = [&](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener& listener) {
    console << "before\n" << std::flush;
    listener.line(start(kFirst));
    console << "one\r\ntwo\n" << std::flush;
    listener.line(verdict(kFirst, "fail"));
    console << "after\n" << std::flush;
    return ended(qemu::EndKind::lost);
  };
  const SessionEnd session = runMachines({planned}, 1, machine, silent);
  EXPECT_THAT(session.machines[0].cases[0].console, ElementsAre("one", "two"));
  std::remove(log.c_str());
}

TEST(Session, ASkippedMachineIsNotBootedAndItsCasesAreSkipped) {
  MachinePlan skipped = plan();
  skipped.skip_reason = "mkfs.xfs is missing";
  Silent silent;
  const MachineFunction machine = [](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                     qemu::Listener&) -> qemu::Outcome {
    ADD_FAILURE() << "booted";
    return {};
  };
  const SessionEnd session = runMachines({skipped}, 1, machine, silent);
  EXPECT_EQ(session.machines[0].verdict, Verdict::skip);
  EXPECT_THAT(verdictsOf(session.machines[0]),
              ElementsAre(Verdict::skip, Verdict::skip, Verdict::skip));
  EXPECT_EQ(session.machines[0].cases[0].reason, "mkfs.xfs is missing");
}

TEST(Session, RunsAsManyMachinesAtATimeAsAllowed) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  Silent silent;
  const MachineFunction machine = [&](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener&) {
    const int running = ++now;
    int seen = most;
    while (seen < running && !most.compare_exchange_weak(seen, running)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --now;
    return ended(qemu::EndKind::lost);
  };
  const std::vector<MachinePlan> plans(6, plan());
  EXPECT_EQ(runMachines(plans, 2, machine, silent).machines.size(), 6u);
  EXPECT_EQ(most, 2);
}

TEST(Session, AnInterruptionStopsAllAndEveryCaseSaysSo) {
  Silent silent;
  std::atomic<int> booted = 0;
  const MachineFunction machine = [&](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener& listener) -> qemu::Outcome {
    ++booted;
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond)});
    throw sys::Interrupted(SIGTERM);
  };
  const SessionEnd session = runMachines({plan(), plan()}, 1, machine, silent);
  EXPECT_EQ(session.interrupted_by, SIGTERM);
  EXPECT_EQ(booted, 1) << "no other machine is started";
  EXPECT_THAT(verdictsOf(session.machines[0]),
              ElementsAre(Verdict::pass, Verdict::lost, Verdict::lost));
  EXPECT_EQ(session.machines[0].cases[1].reason, "interrupted while it ran");
  EXPECT_THAT(verdictsOf(session.machines[1]),
              ElementsAre(Verdict::lost, Verdict::lost, Verdict::lost));
  EXPECT_EQ(session.machines[1].cases[0].reason, "not run: interrupted");
}

TEST(Session, AMachineThatCannotBeStartedEndsTheRun) {
  Silent silent;
  const MachineFunction machine = [](qemu::Kind, const qemu::Boot&, const qemu::Limits&,
                                     qemu::Listener&) -> qemu::Outcome {
    throw sys::SetupError("exec", "linux", ENOENT);
  };
  EXPECT_THROW(runMachines({plan(), plan()}, 2, machine, silent), sys::SetupError);
}

}  // namespace
}  // namespace runner
