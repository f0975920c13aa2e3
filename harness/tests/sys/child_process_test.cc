// SPDX-License-Identifier: GPL-2.0-only
#include "sys/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "sys/interrupt.h"
#include "sys/setup_error.h"
#include "tests/support/shell_script.h"

namespace sys {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// For a process that is not our child: it is gone when its number can no longer be signalled.
bool goneSoon(pid_t pid) {
  for (const auto end = steady_clock::now() + kSoon; steady_clock::now() < end;) {
    if (kill(pid, 0) != 0 && errno == ESRCH) return true;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return false;
}

std::string readToEnd(int descriptor) {
  std::string text;
  std::array<char, 256> buffer;
  for (ssize_t size = 0; (size = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

TEST(ChildProcess, TellsTheExitStatus) {
  ChildProcess child(shell("exit 7"));
  const Exit exit = child.wait();
  EXPECT_EQ(exit.code, 7);
  EXPECT_EQ(exit.signal, 0);
  EXPECT_FALSE(exit.ok());
  EXPECT_EQ(child.wait().code, 7) << "asked twice";
}

TEST(ChildProcess, TellsTheSignal) {
  ChildProcess child({.arguments = {"sleep", "60"}});
  EXPECT_FALSE(child.wait(milliseconds(0)));
  child.signal(SIGTERM);
  const auto exit = child.wait(kSoon);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->signal, SIGTERM);
}

TEST(ChildProcess, ItsPidfdIsReadableOnceItHasEnded) {
  ChildProcess child({.arguments = {"sleep", "60"}});
  pollfd event{child.pidfd(), POLLIN, 0};
  EXPECT_EQ(poll(&event, 1, 0), 0);
  child.signal(SIGKILL);
  EXPECT_EQ(poll(&event, 1, static_cast<int>(kSoon.count())), 1);
}

TEST(ChildProcess, SaysWhichProgramIsMissing) {
  try {
    ChildProcess child({.arguments = {"no-such-program-anywhere"}});
    FAIL() << "it started";
  } catch (const SetupError& error) {
    EXPECT_EQ(error.error(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("no-such-program-anywhere"), std::string::npos);
  }
}

TEST(ChildProcess, SaysWhichFileMayNotBeRun) {
  try {
    ChildProcess child({.arguments = {"/etc/passwd"}});
    FAIL() << "it started";
  } catch (const SetupError& error) {
    EXPECT_EQ(error.error(), EACCES);
  }
}

TEST(ChildProcess, SaysWhichDirectoryIsMissing) {
  try {
    ChildProcess child({.arguments = {"true"}, .directory = "/nowhere/at/all"});
    FAIL() << "it started";
  } catch (const SetupError& error) {
    EXPECT_EQ(error.error(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("/nowhere/at/all"), std::string::npos);
  }
}

TEST(ChildProcess, RefusesACommandWithoutAName) {
  EXPECT_THROW(ChildProcess(Command{}), SetupError);
}

TEST(ChildProcess, TheDestructorKillsTheWholeGroup) {
  Pipe pipe = Pipe::make();
  pid_t grandchild = 0;
  {
    Command command = shell("sleep 60 & echo $!; wait");
    command.inherited[pipe.write.get()] = STDOUT_FILENO;
    ChildProcess child(command);
    pipe.write.close();
    std::array<char, 32> text{};
    ASSERT_GT(read(pipe.read.get(), text.data(), text.size() - 1), 0);
    grandchild = std::stoi(text.data());
    ASSERT_EQ(kill(grandchild, 0), 0);
  }
  // Killed after its parent, it is reaped by init. If no init does so it stays a zombie, but its
  // end of the pipe is closed.
  EXPECT_EQ(readToEnd(pipe.read.get()), "");
}

TEST(ChildProcess, TheDestructorKillsAGroupWhoseLeaderHasEnded) {
  Pipe pipe = Pipe::make();
  {
    Command command = shell("sleep 60 &");
    command.inherited[pipe.write.get()] = STDOUT_FILENO;
    ChildProcess child(command);
    pipe.write.close();
    EXPECT_TRUE(child.wait().ok());
  }
  EXPECT_EQ(readToEnd(pipe.read.get()), "");
}

TEST(ChildProcess, AMovedOneIsOwnedOnce) {
  ChildProcess first({.arguments = {"sleep", "60"}});
  const pid_t pid = first.pid();
  ChildProcess second(std::move(first));
  EXPECT_EQ(second.pid(), pid);
  EXPECT_EQ(kill(pid, 0), 0);
  second = ChildProcess({.arguments = {"true"}});
  EXPECT_TRUE(goneSoon(pid));
  EXPECT_TRUE(second.wait().ok());
}

TEST(ChildProcess, DiesWithItsParent) {
  Pipe pipe = Pipe::make();
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    // _exit() runs no destructor: nobody but the kernel can end the child.
    ChildProcess child(
        {.arguments = {"sleep", "60"}, .inherited = {{pipe.write.get(), STDOUT_FILENO}}});
    _exit(0);
  }
  pipe.write.close();
  EXPECT_EQ(readToEnd(pipe.read.get()), "");  // its end shows that the sleeper is gone
  EXPECT_EQ(waitpid(parent, nullptr, 0), parent);
}

// Starts a shell with a child of its own, in a process that ends without running a destructor.
void startAndVanish(Pipe& pipe) {
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    Command command = shell("sleep 60 & echo ready; wait");
    command.inherited = {{pipe.write.get(), STDOUT_FILENO}};
    command.guarded = true;
    ChildProcess child(command);
    pipe.write.close();
    char byte = 0;
    [[maybe_unused]] const ssize_t size = read(pipe.read.get(), &byte, 1);
    kill(getpid(), SIGKILL);
  }
  pipe.write.close();
  ASSERT_EQ(waitpid(parent, nullptr, 0), parent);
}

TEST(ChildProcess, AGuardedGroupDiesWithItsParent) {
  Pipe pipe = Pipe::make();
  const auto start = steady_clock::now();
  startAndVanish(pipe);
  readToEnd(pipe.read.get());
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(30)) << "the sleeper slept on";
}

// In a process of its own, which adopts the guard when its parent has ended, and so sees its end.
int endsWithItsGuard(const char* script, int signal) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  {
    Command command = shell(script);
    command.guarded = true;
    ChildProcess child(command);
    if (child.wait().signal != signal) return 1;
    if (kill(-child.pid(), 0) != 0) return 2;  // no guard
  }
  for (const auto end = steady_clock::now() + kSoon; steady_clock::now() < end;) {
    if (waitpid(-1, nullptr, WNOHANG) < 0) return 0;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return 3;  // the guard stays forever
}

TEST(ChildProcess, AGuardEndsWithItsGroup) {
  const std::pair<const char*, int> ways[] = {{"true", 0}, {"kill -TERM 0; sleep 60", SIGTERM}};
  for (const auto& [script, signal] : ways) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) _exit(endsWithItsGuard(script, signal));
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(WEXITSTATUS(status), 0) << script;
  }
}

// Neither the program nor its guard is left as a zombie, however the program ended.
TEST(ChildProcess, AGuardIsReapedWithItsGroup) {
  for (const char* script : {"true", "sleep 60", "exec setsid sleep 60"}) {
    Command command = shell(script);
    command.guarded = true;
    { const ChildProcess child(command); }
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << script;
    EXPECT_EQ(errno, ECHILD) << script;
  }
  EXPECT_THROW(ChildProcess({.arguments = {"/no/such/program"}, .guarded = true}), SetupError);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a program that could not be started";
}

TEST(ChildProcess, InheritsWhatIsNamedAndNothingElse) {
  Pipe first = Pipe::make(), second = Pipe::make();
  const Descriptor leaked(open("/dev/null", O_RDONLY));  // NOLINT: without close-on-exec
  Command command = shell("echo one >&5; echo two >&6; ls /proc/self/fd >&5");
  // Crossed numbers: the number of each in the child may be in use here.
  command.inherited = {{first.write.get(), 5}, {second.write.get(), 6}};
  ChildProcess child(command);
  first.write.close();
  second.write.close();
  EXPECT_TRUE(child.wait().ok());
  EXPECT_EQ(readToEnd(second.read.get()), "two\n");
  EXPECT_EQ(readToEnd(first.read.get()), "one\n0\n1\n2\n3\n5\n6\n") << "3 is ls's own";
}

TEST(ChildProcess, SwapsDescriptorsThatStandInEachOthersPlace) {
  Pipe first = Pipe::make(), second = Pipe::make();
  const int a = first.write.get(), b = second.write.get();
  Command command = shell("echo a >&" + std::to_string(b) + "; echo b >&" + std::to_string(a));
  command.inherited = {{a, b}, {b, a}};
  ChildProcess child(command);
  first.write.close();
  second.write.close();
  EXPECT_TRUE(child.wait().ok());
  EXPECT_EQ(readToEnd(first.read.get()), "a\n");
  EXPECT_EQ(readToEnd(second.read.get()), "b\n");
}

TEST(ChildProcess, CanBeStartedByManyThreads) {
  std::array<std::thread, 4> threads;
  std::atomic<int> good{0};
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      for (int round = 0; round < 5; ++round) {
        const Output output = runCommand(shell("echo yes; exit 3"));
        if (output.exit.code == 3 && output.text == "yes\n") ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 20);
}

}  // namespace
}  // namespace sys
