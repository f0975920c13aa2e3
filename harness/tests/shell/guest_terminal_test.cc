// SPDX-License-Identifier: GPL-2.0-only
// Every test forks a process whose standard input and output are a pseudo terminal or a pipe.
#include "runner/shell/guest_terminal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <string>

#include "runner/base/output.h"
#include "sys/child_process.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

constexpr int kLimitMilliseconds = 10'000;

// Reads until the text ends with `end`, or until EOF.
std::string readUntil(int fd, const std::string& end) {
  std::string text;
  while (!text.ends_with(end) || end.empty()) {
    pollfd event{fd, POLLIN, 0};
    if (::poll(&event, 1, kLimitMilliseconds) != 1) return text + " (and then nothing)";
    std::array<char, 4096> buffer;
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    if (size <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

void say(int fd, const std::string& text) {
  ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

// A process that runs `body` on a pseudo terminal.
class OnTerminal {
 public:
  explicit OnTerminal(const std::function<int()>& body) {
    int ours = -1, theirs = -1;
    if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) return;
    ours_ = sys::Descriptor(ours);
    theirs_ = sys::Descriptor(theirs);
    ::tcgetattr(theirs_.get(), &before_);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setsid();
    for (int standard = 0; standard <= 2; ++standard) ::dup2(theirs_.get(), standard);
    sys::installInterruptHandlers();
    int status = 99;
    try {
      status = body();
    } catch (const sys::Interrupted& interrupted) {
      status = 128 + interrupted.signal();
    } catch (const OutputClosed&) {
      status = 141;
    }
    ::_exit(status);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;
  ~OnTerminal() {
    if (pid_ > 0) wait();
  }

  int terminal() const { return ours_.get(); }
  pid_t pid() const { return pid_; }
  int wait() {
    int status = -1;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  bool isRestored() const {
    termios now{};
    ::tcgetattr(theirs_.get(), &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
           now.c_oflag == before_.c_oflag;
  }

 private:
  sys::Descriptor ours_, theirs_;
  termios before_{};
  pid_t pid_ = -1;
};

void waitForInterrupt() {
  pollfd event{sys::interruptDescriptor(), POLLIN, 0};
  ::poll(&event, 1, kLimitMilliseconds);
  sys::throwIfInterrupted();
}

TEST(GuestTerminal, PassesOnKeysAndOutput) {
  OnTerminal user([] {
    GuestTerminal terminal(true);
    terminal.open();
    say(terminal.guestEnd(), "# ");
    const std::string keys = readUntil(terminal.guestEnd(), "\r");
    say(terminal.guestEnd(), keys == "\x03\x1a\x04ls\r" ? "the same\n" : "others\n");
    terminal.close();
    return 5;
  });
  EXPECT_EQ(readUntil(user.terminal(), "# "), "# ");
  say(user.terminal(), "\x03\x1a\x04ls\r");  // signals and the end of input go to the guest
  EXPECT_EQ(readUntil(user.terminal(), "\n"), "the same\n");
  EXPECT_EQ(user.wait(), 5);
  EXPECT_TRUE(user.isRestored());
}

TEST(GuestTerminal, EndsAtCtrlBracket) {
  OnTerminal user([] {
    GuestTerminal terminal(true);
    terminal.open();
    say(terminal.guestEnd(), "# ");
    waitForInterrupt();
    return 0;
  });
  EXPECT_EQ(readUntil(user.terminal(), "# "), "# ");
  say(user.terminal(), "ls\x1d");
  EXPECT_EQ(user.wait(), 128 + SIGINT);
  EXPECT_TRUE(user.isRestored());
}

TEST(GuestTerminal, RestoresTheTerminalAfterASignal) {
  OnTerminal user([] {
    GuestTerminal terminal(true);
    terminal.open();
    say(terminal.guestEnd(), "# ");
    waitForInterrupt();
    return 0;
  });
  EXPECT_EQ(readUntil(user.terminal(), "# "), "# ");
  EXPECT_FALSE(user.isRestored()) << "it was never raw";
  ASSERT_EQ(::kill(user.pid(), SIGTERM), 0);
  EXPECT_EQ(user.wait(), 128 + SIGTERM);
  EXPECT_TRUE(user.isRestored());
}

// Runs `body` with a pipe as standard output.
OnTerminal onPipe(const sys::Pipe& pipe, const std::function<int()>& body) {
  return OnTerminal([&] {
    ::dup2(pipe.write.get(), STDOUT_FILENO);
    ::close(pipe.write.get());
    ::close(pipe.read.get());
    return body();
  });
}

TEST(GuestTerminal, WritesAllToAReaderThatIsSlow) {
  constexpr std::size_t kBytes = 1u << 20;  // many times what the pipe and the socket hold
  sys::Pipe pipe = sys::Pipe::make();
  OnTerminal user = onPipe(pipe, [] {
    GuestTerminal terminal(false);
    terminal.open();
    const std::string much(kBytes, 'x');
    std::size_t said = 0;
    while (said < much.size()) {
      const ssize_t size = ::write(terminal.guestEnd(), much.data(), much.size() - said);
      if (size < 0) return 1;
      said += static_cast<std::size_t>(size);
    }
    terminal.close();
    return 0;
  });
  pipe.write.close();
  ::usleep(100'000);
  EXPECT_EQ(readUntil(pipe.read.get(), "").size(), kBytes);
  EXPECT_EQ(user.wait(), 0);
}

TEST(GuestTerminal, CanBeInterruptedWhileNobodyReads) {
  sys::Pipe pipe = sys::Pipe::make();
  sys::Pipe full = sys::Pipe::make();
  OnTerminal user = onPipe(pipe, [&full] {
    GuestTerminal terminal(false);
    terminal.open();
    ::fcntl(terminal.guestEnd(), F_SETFL, O_NONBLOCK);
    const std::string much(1u << 16, 'x');
    for (int turn = 0; turn < 100; ++turn) {
      if (::write(terminal.guestEnd(), much.data(), much.size()) < 0) ::usleep(1000);
    }
    say(full.write.get(), ".");
    waitForInterrupt();
    return 0;
  });
  EXPECT_EQ(readUntil(full.read.get(), "."), ".");
  ASSERT_EQ(::kill(user.pid(), SIGTERM), 0);
  EXPECT_EQ(user.wait(), 128 + SIGTERM);
}

TEST(GuestTerminal, NoticesAReaderThatIsGone) {
  sys::Pipe pipe = sys::Pipe::make();
  pipe.read.close();
  OnTerminal user = onPipe(pipe, [] {
    GuestTerminal terminal(false);
    terminal.open();
    say(terminal.guestEnd(), "hello\n");
    try {
      waitForInterrupt();
    } catch (const sys::Interrupted&) {
      terminal.close();
      throw;
    }
    return 0;
  });
  EXPECT_EQ(user.wait(), 141);
}

}  // namespace
}  // namespace runner
