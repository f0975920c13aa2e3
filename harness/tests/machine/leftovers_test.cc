// SPDX-License-Identifier: GPL-2.0-only
// However this program ends, its machines end with it. That no process is left is asserted by
// MachineTest after each test.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "sys/child_process.h"
#include "sys/interrupt.h"
#include "tests/machine/guests.h"

namespace qemu {
namespace {

class Leftovers : public MachineTest {
 protected:
  // Runs the guest in a process of its own, which writes a byte for every line of the guest.
  pid_t runElsewhere(const std::string& behaviour, sys::Pipe& spoken) {
    const pid_t pid = fork();
    if (pid != 0) {
      spoken.write.close();
      return pid;
    }
    sys::installInterruptHandlers();
    recorder_.on_line = [&spoken] {
      if (write(spoken.write.get(), ".", 1) != 1) _exit(99);
    };
    try {
      boot(behaviour);
    } catch (const sys::Interrupted& interrupted) {
      _exit(128 + interrupted.signal());
    } catch (const std::exception&) {
      _exit(98);
    }
    _exit(0);
  }

  static int waitFor(pid_t pid) {
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return status;
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, Leftovers, bothKinds(), nameOfKind);

class AfterKill : public Leftovers {};
INSTANTIATE_TEST_SUITE_P(Kinds, AfterKill, bothKinds(), nameOfKind);

TEST_P(AfterKill, OfABusyMachineNothingIsLeft) {
  sys::Pipe spoken = sys::Pipe::make();
  const pid_t runner = runElsewhere("spin", spoken);
  std::array<char, 1> byte{};
  ASSERT_EQ(read(spoken.read.get(), byte.data(), 1), 1) << "the guest never spoke";
  ASSERT_EQ(kill(runner, SIGKILL), 0);
  EXPECT_TRUE(WIFSIGNALED(waitFor(runner)));
}

TEST_P(AfterKill, AtAnyMomentOfTheBootNothingIsLeft) {
  for (const int milliseconds : {1, 5, 10, 15, 20, 30, 50, 100}) {
    sys::Pipe spoken = sys::Pipe::make();
    const pid_t runner = runElsewhere("hang", spoken);
    usleep(static_cast<useconds_t>(milliseconds) * 1000);
    ASSERT_EQ(kill(runner, SIGKILL), 0);
    waitFor(runner);
    EXPECT_TRUE(childlessWithin(std::chrono::milliseconds(5000))) << milliseconds << " ms";
  }
}

TEST_P(Leftovers, ASignalEndsTheRunAtOnce) {
  sys::Pipe spoken = sys::Pipe::make();
  const pid_t runner = runElsewhere("hang", spoken);
  std::array<char, 1> byte{};
  ASSERT_EQ(read(spoken.read.get(), byte.data(), 1), 1) << "the guest never spoke";
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(kill(runner, SIGTERM), 0);
  const int status = waitFor(runner);
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace qemu
