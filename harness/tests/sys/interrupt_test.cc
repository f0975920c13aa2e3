// SPDX-License-Identifier: GPL-2.0-only
#include "sys/interrupt.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace sys {
namespace {

// A signal is remembered until the process ends, so every test runs in its own process.
int statusOf(const std::function<int()>& body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool readable(int descriptor) {
  pollfd event{descriptor, POLLIN, 0};
  return poll(&event, 1, 0) == 1;
}

int signalThrown() {
  try {
    throwIfInterrupted();
  } catch (const Interrupted& interrupted) {
    return interrupted.signal();
  }
  return 0;
}

class InterruptSignal : public testing::TestWithParam<int> {};

TEST_P(InterruptSignal, BecomesAnEventThatStays) {
  EXPECT_EQ(statusOf([] {
              std::signal(GetParam(), SIG_DFL);  // what nohup ignores stays ignored
              installInterruptHandlers();
              if (readable(interruptDescriptor()) || signalThrown() != 0) return 100;
              raise(GetParam());
              if (!readable(interruptDescriptor())) return 101;
              if (signalThrown() != GetParam()) return 102;
              return readable(interruptDescriptor()) ? signalThrown() : 103;
            }),
            GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, InterruptSignal, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(Interrupt, TheFirstSignalIsTheOneThatCounts) {
  EXPECT_EQ(statusOf([] {
              installInterruptHandlers();
              raise(SIGINT);
              raise(SIGTERM);
              return signalThrown();
            }),
            SIGINT);
}

TEST(Interrupt, NohupHasTheLastWord) {
  EXPECT_EQ(statusOf([] {
              std::signal(SIGHUP, SIG_IGN);
              installInterruptHandlers();
              raise(SIGHUP);
              return signalThrown();
            }),
            0);
}

TEST(Interrupt, AClosedPipeIsAnErrorAndNoSignal) {
  EXPECT_EQ(statusOf([] {
              installInterruptHandlers();
              raise(SIGPIPE);
              return signalThrown();
            }),
            0);
}

TEST(Interrupt, NothingIsThrownBeforeASignal) {
  EXPECT_NO_THROW(throwIfInterrupted());
}

}  // namespace
}  // namespace sys
