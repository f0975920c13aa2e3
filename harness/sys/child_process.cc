// SPDX-License-Identifier: GPL-2.0
#include "sys/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

// Which step in the child failed, as it comes through the pipe.
struct StartFailure {
  enum Step { directory, descriptors, program } step;
  int error;
};

// Everything that the child needs, made before fork(): between fork() and exec() only calls that
// are safe in a signal handler are allowed, since another thread may hold any lock.
struct Plan {
  std::vector<std::string> programs;  // where arguments[0] may be, in the order of PATH
  std::vector<char*> arguments;
  std::vector<std::string> environment_text;
  std::vector<char*> environment;
  const char* directory = nullptr;
  std::vector<std::pair<int, int>> descriptors;  // {here, there}
  int first_free = 3;                            // above every number in use in the child
  pid_t parent = 0;
  int report = -1;
  int lifeline = -1;  // the guard's end of it; -1: no guard
  std::optional<int> processor;
};

std::string searchPath(const Command& command) {
  if (auto own = command.environment.find("PATH"); own != command.environment.end()) {
    return own->second;
  }
  const char* path = getenv("PATH");
  return path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
}

std::vector<std::string> candidates(const Command& command) {
  const std::string& program = command.arguments.front();
  if (program.find('/') != std::string::npos) return {program};
  std::vector<std::string> found;
  const std::string path = searchPath(command);
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string folder = path.substr(begin, end - begin);
    found.push_back(std::filesystem::path(folder.empty() ? "." : folder) / program);
    begin = end + 1;
  }
  return found;
}

Plan plan(const Command& command) {
  if (command.arguments.empty()) throw SetupError("start", "a command without a name", EINVAL);
  Plan result;
  result.programs = candidates(command);
  // exec's prototype is older than const; nothing writes to the strings.
  for (const std::string& argument : command.arguments) {
    result.arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  result.arguments.push_back(nullptr);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!command.environment.contains(text.substr(0, text.find('=')))) {
      result.environment_text.push_back(text);
    }
  }
  for (const auto& [name, value] : command.environment) {
    std::string& text = result.environment_text.emplace_back(name);
    text += '=';
    text += value;
  }
  for (std::string& text : result.environment_text) result.environment.push_back(text.data());
  result.environment.push_back(nullptr);
  if (!command.directory.empty()) result.directory = command.directory.c_str();
  for (const auto& [here, there] : command.inherited) {
    result.descriptors.emplace_back(here, there);
    result.first_free = std::max(result.first_free, there + 1);
  }
  result.parent = getpid();
  result.processor = command.processor;
  return result;
}

[[noreturn]] void fail(const Plan& plan, StartFailure::Step step) {
  const StartFailure failure{step, errno};
  [[maybe_unused]] const ssize_t written = write(plan.report, &failure, sizeof failure);
  _exit(127);
}

// Puts every inherited descriptor at its number. All are moved out of the way first: one's number
// there may be another's number here.
bool placeDescriptors(Plan& plan) {
  plan.report = fcntl(plan.report, F_DUPFD_CLOEXEC, plan.first_free);
  if (plan.report < 0) return false;
  for (auto& [here, there] : plan.descriptors) {
    here = fcntl(here, F_DUPFD_CLOEXEC, plan.first_free);
    if (here < 0) return false;
  }
  // Libraries may have opened files without close-on-exec; the child gets what was named, no more.
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return false;
  for (int standard = 0; standard <= 2; ++standard) {
    if (null != standard && dup2(null, standard) < 0) return false;
  }
  for (const auto& [here, there] : plan.descriptors) {
    if (dup2(here, there) < 0) return false;
  }
  return true;
}

void resetSignals() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The guard of a group: waits until the process that started the group ends, and kills what is left
// of it. All signals are blocked, so that none but SIGKILL ends it before. It is in the group,
// which keeps the group's number from being given to others.
void startGuard(const Plan& plan) {
  // As a child of the process that started the group, which reaps it together with the program: a
  // child of the program would be left to init, or to a program that waits for any child.
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr) != 0) return;
  const unsigned lifeline = static_cast<unsigned>(plan.lifeline);
  if (lifeline > 0) close_range(0, lifeline - 1, 0);
  close_range(lifeline + 1, ~0U, 0);
  char byte = 0;
  while (read(plan.lifeline, &byte, 1) < 0 && errno == EINTR) {
  }
  kill(0, SIGKILL);
  _exit(0);
}

// Where that fails the child runs on any processor: slower, and otherwise the same.
void stayOn(int processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  sched_setaffinity(0, sizeof only, &only);
}

[[noreturn]] void becomeProgram(Plan& plan) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);  // it ended before the line above
  if (plan.lifeline >= 0) startGuard(plan);
  if (!placeDescriptors(plan)) fail(plan, StartFailure::descriptors);
  if (plan.directory != nullptr && chdir(plan.directory) != 0) fail(plan, StartFailure::directory);
  if (plan.processor) stayOn(*plan.processor);
  resetSignals();
  int error = ENOENT;
  for (const std::string& program : plan.programs) {
    execve(program.c_str(), plan.arguments.data(), plan.environment.data());
    // As execvp() does: a file that may not be run doesn't hide one further down PATH.
    if (errno == EACCES) error = EACCES;
    if (errno != EACCES && errno != ENOENT && errno != ENOTDIR) {
      error = errno;
      break;
    }
  }
  errno = error;
  fail(plan, StartFailure::program);
}

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

// Appends what a descriptor has to read now; false at its end.
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
  setpgid(pid_, pid_);  // the child does it too: whoever comes first
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
  // Not reaped yet, so the group is still ours, whoever of it is left.
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);  // in case it failed before it had a group
  // With it its guard, which is in the group too. The program may have left the group.
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

  Output output;
  bool open = true;
  while (open) {
    throwIfInterrupted();
    std::array<pollfd, 3> events{{{pipe.read.get(), POLLIN, 0},
                                  {child.pidfd(), POLLIN, 0},
                                  {interruptDescriptor(), POLLIN, 0}}};
    poll(events.data(), events.size(), -1);
    // Once the command has ended, what is in the pipe is all: a daemon that it left behind may keep
    // the pipe open for ever.
    const bool ended = child.wait(std::chrono::milliseconds(0)).has_value();
    open = readAvailable(pipe.read.get(), output.text) && !ended;
  }
  output.exit = child.wait();
  return output;
}

}  // namespace sys
