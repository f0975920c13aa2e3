// SPDX-License-Identifier: GPL-2.0-only
#include "sys/child_start.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "sys/setup_error.h"

namespace sys {
namespace {

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
    const std::string directory = path.substr(begin, end - begin);
    found.push_back(std::filesystem::path(directory.empty() ? "." : directory) / program);
    begin = end + 1;
  }
  return found;
}

[[noreturn]] void fail(const Plan& plan, StartFailure::Step step) {
  const StartFailure failure{step, errno};
  [[maybe_unused]] const ssize_t written = write(plan.report, &failure, sizeof failure);
  _exit(127);
}

// Puts every inherited descriptor at its number. All are moved out of the way first: the number of
// one in the child may be that of another here.
bool placeDescriptors(Plan& plan) {
  plan.report = fcntl(plan.report, F_DUPFD_CLOEXEC, plan.first_free);
  if (plan.report < 0) return false;
  for (auto& [here, there] : plan.descriptors) {
    here = fcntl(here, F_DUPFD_CLOEXEC, plan.first_free);
    if (here < 0) return false;
  }
  // Libraries may have opened files without close-on-exec; the child gets only what was listed.
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

// If that fails, the child runs on any processor, which is only slower.
void stayOn(int processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  sched_setaffinity(0, sizeof only, &only);
}

}  // namespace

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

[[noreturn]] void becomeProgram(Plan& plan) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);  // the parent ended before the line above
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

}  // namespace sys
