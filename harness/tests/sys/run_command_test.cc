// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "sys/child_process.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"
#include "tests/support/shell_script.h"

namespace sys {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(RunCommand, MergesBothStreamsInOrder) {
  const Output output = runCommand(shell("echo 1; echo 2 >&2; echo 3"));
  EXPECT_TRUE(output.exit.ok());
  EXPECT_EQ(output.text, "1\n2\n3\n");
}

TEST(RunCommand, TakesMoreThanAPipeHolds) {
  const Output output = runCommand(shell("head -c 1000000 /dev/zero"));
  EXPECT_EQ(output.text.size(), 1000000u);
}

TEST(RunCommand, SetsTheEnvironmentAndTheDirectory) {
  Command command = shell("echo $COLOUR; pwd; read word || echo no input");
  command.environment = {{"COLOUR", "blue"}};
  command.directory = "/usr";
  EXPECT_EQ(runCommand(command).text, "blue\n/usr\nno input\n");
}

TEST(RunCommand, LooksInThePathOfTheCommand) {
  Command command{.arguments = {"true"}, .environment = {{"PATH", "/nowhere"}}};
  EXPECT_THROW(runCommand(command), SetupError);
  command.environment["PATH"] = "/nowhere:/usr/bin:/bin";
  EXPECT_TRUE(runCommand(command).exit.ok());
}

TEST(RunCommand, DoesNotWaitForADaemonThatKeepsThePipe) {
  const auto start = steady_clock::now();
  EXPECT_EQ(runCommand(shell("echo done; sleep 60 &")).text, "done\n");
  EXPECT_LT(steady_clock::now() - start, kSoon);
}

TEST(RunCommand, StopsWhenTheUserWantsTo) {
  const pid_t pid = fork();  // the signal is remembered for good, so in a process of its own
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    installInterruptHandlers();
    std::thread user([] {
      std::this_thread::sleep_for(milliseconds(20));
      kill(getpid(), SIGTERM);
    });
    int status = 1;
    try {
      runCommand({.arguments = {"sleep", "60"}});
    } catch (const Interrupted& interrupted) {
      status = 128 + interrupted.signal();
    }
    user.join();
    _exit(status);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 143);
}

}  // namespace
}  // namespace sys
