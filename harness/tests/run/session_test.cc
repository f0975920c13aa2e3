// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch_directory.h"
#include "tests/support/session_script.h"

namespace runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

TEST(Session, AnUnableKernelIsAnErrorThatListsWhatIsMissing) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {R"~({"event":"unable","what":"no overlay (CONFIG_OVERLAY_FS)"})~",
                   R"~({"event":"unable","what":"no dm (CONFIG_BLK_DEV_DM)"})~"});
    EXPECT_TRUE(listener.complete());
    return ended(qemu::EndKind::finished);
  });
  EXPECT_EQ(result.verdict, Verdict::error);
  EXPECT_EQ(result.detail,
            "no case can run on this kernel, which lacks: no overlay (CONFIG_OVERLAY_FS); no dm "
            "(CONFIG_BLK_DEV_DM)");
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::error, Verdict::error, Verdict::error));
  EXPECT_FALSE(result.cases[0].reached);
}

TEST(Session, AnUnableKernelThatDoesNotPowerOffStillListsWhatIsMissing) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    listener.line(R"~({"event":"unable","what":"no overlay (CONFIG_OVERLAY_FS)"})~");
    return ended(qemu::EndKind::timeout, "no power off");
  });
  EXPECT_EQ(result.verdict, Verdict::timeout);
  EXPECT_EQ(result.detail,
            "no case can run on this kernel, which lacks: no overlay (CONFIG_OVERLAY_FS); then it "
            "hung before "
            "the first case: no power off");
}

TEST(Session, CasesWithoutAVerdictAreErrorsThoughTheGuestSaysItIsDone) {
  const MachineResult result = runScript([](qemu::Listener& listener) {
    say(listener, {hello(3), start(kFirst), verdict(kFirst), end(1)});
    return ended(qemu::EndKind::finished);
  });
  EXPECT_THAT(verdictsOf(result), ElementsAre(Verdict::pass, Verdict::error, Verdict::error));
}

// A violation of the protocol makes the machine an error, but loses no verdict.
TEST(Session, ProtocolViolationsAreErrors) {
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
  EXPECT_THAT(withExtra({}, 2).detail, HasSubstr("reported 2 verdicts, but 3 arrived"));
  EXPECT_THAT(withExtra({}, 3, 4).detail, HasSubstr("4 cases, but 3 are planned"));
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

TEST(Session, AGuestThatLiesDoesNotPass) {
  const auto said = [&](const std::vector<std::string>& lines) {
    return runScript([&](qemu::Listener& listener) {
      say(listener, lines);
      return ended(qemu::EndKind::finished);
    });
  };
  const std::vector<std::string> all = {start(kFirst),    verdict(kFirst), start(kSecond),
                                        verdict(kSecond), start(kThird),   verdict(kThird)};
  const auto around = [&](std::vector<std::string> before, const std::vector<std::string>& after) {
    before.insert(before.end(), all.begin(), all.end());
    before.insert(before.end(), after.begin(), after.end());
    return said(before);
  };
  ASSERT_EQ(around({hello(3)}, {end(3)}).verdict, Verdict::pass);

  const std::string unable = R"({"event":"unable","what":"no dm"})";
  const std::string failures = R"("failures":[)";
  std::string passed = verdict(kFirst);
  passed.insert(passed.find(failures) + failures.size(), R"("a.cc:1: no")");
  const std::pair<MachineResult, const char*> lies[] = {
      {around({}, {end(3)}), "without a hello before it"},
      {around({hello(3), hello(3)}, {end(3)}), "a second hello"},
      {around({hello(3)}, {end(3), end(3)}), "an end after the end"},
      {around({hello(3), end(0)}, {}), "a start after the end; a verdict after the end"},
      {around({hello(3), unable}, {}), "a start after \"unable\""},
      {around({hello(3)}, {end(3), unable}), "\"unable\" after the end"},
      {around({hello(3)}, {end(2)}), "reported 2 verdicts, but 3 arrived"},
      {said({hello(3), start(kSecond), verdict(kSecond), start(kThird), verdict(kThird),
             start(kFirst), passed, end(3)}),
       "A1.First/ext4/plain passed with failures"},
  };
  for (const auto& [result, words] : lies) {
    EXPECT_EQ(result.verdict, Verdict::error) << words;
    EXPECT_THAT(result.detail, HasSubstr(words));
  }
  EXPECT_EQ(lies[7].first.cases[0].verdict, Verdict::error) << "it did not pass";
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
  const MachineFunction machine = [](const qemu::Machine&, const qemu::Boot&,
                                     const qemu::Limits& limits, qemu::Listener& listener) {
    const auto between = limits.silence;
    listener.line(start(kFirst, 77));
    EXPECT_EQ(limits.silence, std::chrono::seconds(77));
    listener.line(verdict(kFirst));
    EXPECT_EQ(limits.silence, between);
    return ended(qemu::EndKind::lost);
  };
  runMachines({plan()}, 1, machine, silent);
}

TEST(Session, ASlowKernelHasMoreTimeForEverything) {
  Silent silent;
  MachinePlan slow = plan();
  slow.timeout_factor = 6;
  const MachineFunction machine = [](const qemu::Machine&, const qemu::Boot&,
                                     const qemu::Limits& limits, qemu::Listener& listener) {
    EXPECT_EQ(limits.boot, 6 * qemu::Limits().boot);
    EXPECT_EQ(limits.shutdown, 6 * qemu::Limits().shutdown);
    const auto between = limits.silence;
    listener.line(start(kFirst, 20));
    EXPECT_EQ(limits.silence, std::chrono::seconds(120));
    listener.line(verdict(kFirst));
    EXPECT_EQ(limits.silence, between);
    return ended(qemu::EndKind::lost);
  };
  runMachines({slow}, 1, machine, silent);
}

TEST(Session, ACaseThatFailedCarriesWhatTheConsoleSaidMeanwhile) {
  const ScratchDirectory scratch;
  const std::string log = (scratch / "console.log").string();
  std::ofstream console(log, std::ios::trunc);
  MachinePlan planned = plan();
  planned.result.console_log = log;
  Silent silent;
  const MachineFunction machine = [&](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
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
}

}  // namespace
}  // namespace runner
