// SPDX-License-Identifier: GPL-2.0-only
// Which machines a session boots, how many at a time, and when it stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "runner/run/session.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"
#include "tests/support/session_script.h"

namespace runner {
namespace {

using ::testing::ElementsAre;

TEST(Session, ASkippedMachineIsNotBootedAndItsCasesAreSkipped) {
  MachinePlan skipped = plan();
  skipped.skip_reason = "mkfs.xfs is missing";
  Silent silent;
  const MachineFunction machine = [](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
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
  const MachineFunction machine = [&](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener&) {
    const int running = ++now;
    int seen = most;
    while (seen < running && !most.compare_exchange_weak(seen, running)) {
    }
    // The first waits until a second one runs.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (most < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
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
  const MachineFunction machine = [&](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener& listener) -> qemu::Outcome {
    ++booted;
    say(listener, {hello(3), start(kFirst), verdict(kFirst), start(kSecond)});
    throw sys::Interrupted(SIGTERM);
  };
  const SessionEnd session = runMachines({plan(), plan()}, 1, machine, silent);
  EXPECT_EQ(session.interrupted_by, SIGTERM);
  EXPECT_EQ(booted, 1) << "no other machine is started";
  EXPECT_THAT(verdictsOf(session.machines[0]),
              ElementsAre(Verdict::pass, Verdict::error, Verdict::error));
  EXPECT_EQ(session.machines[0].cases[1].reason, "interrupted while running");
  EXPECT_THAT(verdictsOf(session.machines[1]),
              ElementsAre(Verdict::error, Verdict::error, Verdict::error));
  EXPECT_EQ(session.machines[1].cases[0].reason, "not run: interrupted");
}

TEST(Session, AMachineThatCannotBeStartedEndsTheRun) {
  Silent silent;
  const MachineFunction machine = [](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
                                     qemu::Listener&) -> qemu::Outcome {
    throw sys::SetupError("exec", "linux", ENOENT);
  };
  EXPECT_THROW(runMachines({plan(), plan()}, 2, machine, silent), sys::SetupError);
}

}  // namespace
}  // namespace runner
