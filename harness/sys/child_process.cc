// SPDX-License-Identifier: GPL-2.0-only
#include "sys/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <utility>

#include "sys/child_start.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

// Forks with all signals blocked: a handler of this program must not run in the child, where it
// would write to descriptors that both share.
pid_t forkQuietly(Plan& plan) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) becomeProgram(plan);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

// What the child said about its start; nothing when it became the program.
std::optional<StartFailure> readFailure(int report) {
  StartFailure failure{};
  ssize_t size = 0;
  do {
    size = read(report, &failure, sizeof failure);
  } while (size < 0 && errno == EINTR);
  if (size == sizeof failure) return failure;
  return std::nullopt;
}

SetupError startError(const StartFailure& failure, const Command& command) {
  switch (failure.step) {
    case StartFailure::directory:
      return {"enter", command.directory.string() + " to start " + command.arguments.front(),
              failure.error};
    case StartFailure::descriptors:
      return {"pass descriptors to", command.arguments.front(), failure.error};
    case StartFailure::program:
      break;
  }
  return {"start", command.arguments.front(), failure.error};
}

// How a process ended, without reaping it: as a zombie it keeps its number, and the number of its
// group, from being given to somebody else.
std::optional<Exit> peekExit(pid_t pid) {
  siginfo_t info = {};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno != EINTR) throw SetupError("waitid", "process " + std::to_string(pid), errno);
  }
  if (info.si_pid == 0) return std::nullopt;
  if (info.si_code == CLD_EXITED) return Exit{info.si_status, 0};
  return Exit{0, info.si_status};
}

// Appends what can be read from a descriptor now; false at end of file.
bool readAvailable(int descriptor, std::string& text) {
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t size = read(descriptor, buffer.data(), buffer.size());
    if (size > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(size));
    } else if (size == 0) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      throw SetupError("read", "the output of a command", errno);
    }
  }
}

}  // namespace

Pipe Pipe::make() {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC), "pipe2", "for a child process");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

ChildProcess::ChildProcess(const Command& command) {
  Pipe report = Pipe::make();
  Plan prepared = plan(command);
  prepared.report = report.write.get();
  Pipe lifeline;
  if (command.guarded) {
    lifeline = Pipe::make();
    prepared.lifeline = lifeline.read.get();
  }
  pid_ = forkQuietly(prepared);
  require(pid_, "fork", "for " + command.arguments.front());
  report.write.close();
  lifeline_ = std::move(lifeline.write);
  setpgid(pid_, pid_);  // so does the child, whichever runs first
  if (const auto failure = readFailure(report.read.get())) {
    end();
    throw startError(*failure, command);
  }
  // glibc 2.36 declares pidfd_open() without C linkage. Close-on-exec comes with it.
  pidfd_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) {
    const int error = errno;
    end();
    throw SetupError("pidfd_open", command.arguments.front(), error);
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      lifeline_(std::move(other.lifeline_)),
      exit_(std::exchange(other.exit_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    lifeline_ = std::move(other.lifeline_);
    exit_ = std::exchange(other.exit_, std::nullopt);
  }
  return *this;
}

ChildProcess::~ChildProcess() {
  end();
}

pid_t ChildProcess::pid() const {
  return pid_;
}

int ChildProcess::pidfd() const {
  return pidfd_.get();
}

void ChildProcess::signal(int number) {
  if (pid_ > 0) kill(-pid_, number);
}

std::optional<Exit> ChildProcess::wait(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!exit_) {
    exit_ = peekExit(pid_);
    if (exit_) break;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd ended{pidfd_.get(), POLLIN, 0};
    poll(&ended, 1, static_cast<int>(std::min<long long>(left.count(), INT_MAX)));
  }
  return exit_;
}

Exit ChildProcess::wait() {
  while (!exit_) {
    throwIfInterrupted();
    std::array<pollfd, 2> events{{{pidfd_.get(), POLLIN, 0}, {interruptDescriptor(), POLLIN, 0}}};
    poll(events.data(), events.size(), -1);
    exit_ = peekExit(pid_);
  }
  return *exit_;
}

void ChildProcess::end() noexcept {
  if (pid_ <= 0) return;
  // Not reaped yet, so the group is still ours, whichever of its processes are left.
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);  // in case it failed before it had a group
  // Reaps the guard too, which is in the group. The program itself may have left the group.
  bool reaped = false;
  for (pid_t ended = 0; (ended = waitpid(-pid_, nullptr, 0)) > 0 || errno == EINTR;) {
    reaped |= ended == pid_;
  }
  while (!reaped && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  pidfd_.close();
  lifeline_.close();
}

Output runCommand(const Command& command) {
  Output output;
  output.exit = runCommand(command, output.text, [] {});
  return output;
}

Exit runCommand(const Command& command, std::string& text, const std::function<void()>& on_read) {
  Pipe pipe = Pipe::make();
  Command merged = command;
  // One pipe for both streams keeps the order in which they were written.
  Descriptor second(static_cast<int>(
      require(fcntl(pipe.write.get(), F_DUPFD_CLOEXEC, 3), "dup", "a pipe for a command")));
  merged.inherited[pipe.write.get()] = STDOUT_FILENO;
  merged.inherited[second.get()] = STDERR_FILENO;
  ChildProcess child(merged);
  pipe.write.close();
  second.close();
  require(fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK), "fcntl", "the output of a command");

  bool open = true;
  while (open) {
    throwIfInterrupted();
    std::array<pollfd, 3> events{{{pipe.read.get(), POLLIN, 0},
                                  {child.pidfd(), POLLIN, 0},
                                  {interruptDescriptor(), POLLIN, 0}}};
    poll(events.data(), events.size(), -1);
    // Once the command has ended, the pipe holds the rest of its output: a daemon that it left
    // behind may keep the pipe open forever.
    const bool ended = child.wait(std::chrono::milliseconds(0)).has_value();
    open = readAvailable(pipe.read.get(), text) && !ended;
    on_read();
  }
  return child.wait();
}

}  // namespace sys
