// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/shell.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string_view>
#include <vector>

#include "conformance/init.h"
#include "conformance/kernel_probe.h"
#include "conformance/shell_commands.h"
#include "conformance/shell_disk.h"
#include "conformance/shell_request.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Busybox runs its own applets without links; the other commands need one.
constexpr const char* kBusybox = "/bin/busybox";
constexpr const char* kStartFile = "/tmp/.shell";  // what an interactive shell reads first

void makeLinks() {
  const auto link = [](const char* program, const std::string& name) {
    sys::require(::symlink(program, name.c_str()), "symlink", name);
  };
  link(kBusybox, "/bin/sh");
  for (const std::string_view name : shellCommandNames()) {
    link("/init", "/bin/" + std::string(name));
  }
}

// For a script the terminal is raw, so that its output is not changed; otherwise it is as usual.
sys::Descriptor openTerminal(const ShellOptions& options) {
  sys::Descriptor terminal(static_cast<int>(sys::require(
      ::open(options.terminal.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC), "open", options.terminal)));
  termios mode{};
  sys::require(::tcgetattr(terminal.get(), &mode), "tcgetattr", options.terminal);
  if (!options.script.empty()) ::cfmakeraw(&mode);
  mode.c_cflag |= CLOCAL;
  sys::require(::tcsetattr(terminal.get(), TCSANOW, &mode), "tcsetattr", options.terminal);
  winsize window{};
  if (std::sscanf(options.window.c_str(), "%hux%hu", &window.ws_row, &window.ws_col) == 2) {
    ::ioctl(terminal.get(), TIOCSWINSZ, &window);
  }
  return terminal;
}

sigset_t childSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

// In the child: becomes the shell, or ends with 127.
[[noreturn]] void becomeShell(const ShellOptions& options, int terminal) {
  const sigset_t signals = childSignal();
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  ::setsid();
  const bool has_prompt = options.script.empty();
  if (has_prompt) ::ioctl(terminal, TIOCSCTTY, 0);
  const int input = has_prompt ? terminal : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(input, STDIN_FILENO);
  ::dup2(terminal, STDOUT_FILENO);
  ::dup2(terminal, STDERR_FILENO);
  if (::chdir(kShellOverlay) != 0) ::_exit(127);
  std::vector<std::string> environment = {"PATH=/bin", "HOME=/", "PS1=\\w # ",
                                          std::string("ENV=") + kStartFile, "TERM=" + options.type};
  if (!options.own_disk.empty()) environment.push_back("DISK=" + options.own_disk);
  std::vector<char*> variables;
  for (std::string& variable : environment) variables.push_back(variable.data());
  variables.push_back(nullptr);
  std::string name = "sh", script = options.script;
  std::array<char*, 3> arguments = {name.data(), has_prompt ? nullptr : script.data(), nullptr};
  ::execve(kBusybox, arguments.data(), variables.data());
  ::_exit(127);
}

// Runs the shell, and answers its commands until it exits. Returns its exit status, 128 + n for
// signal n.
class ShellRun {
 public:
  ShellRun(const ShellOptions& options, int terminal, ShellDisk& disk) : disk_(disk) {
    const sigset_t signals = childSignal();
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    children_ = sys::Descriptor(static_cast<int>(
        sys::require(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd", "")));
    shell_ = static_cast<pid_t>(sys::require(::fork(), "fork", "for the shell"));
    if (shell_ == 0) becomeShell(options, terminal);
  }

  int wait() {
    for (;;) {
      std::array<pollfd, 2> events{
          {{requests_.descriptor(), POLLIN, 0}, {children_.get(), POLLIN, 0}}};
      ::poll(events.data(), events.size(), -1);
      if (events[0].revents != 0) {
        requests_.serve([this](const std::string& request) { return disk_.answer(request); });
      }
      if (const auto status = reap()) return *status;
    }
  }

 private:
  // Reaps the shell and, as init must, all orphans. Returns the shell's status if it has ended.
  std::optional<int> reap() {
    signalfd_siginfo ignored{};
    while (::read(children_.get(), &ignored, sizeof ignored) > 0) {
    }
    std::optional<int> status;
    int how = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &how, WNOHANG)) > 0;) {
      if (ended == shell_) status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    }
    return status;
  }

  ShellDisk& disk_;
  RequestSocket requests_;
  sys::Descriptor children_;
  pid_t shell_ = -1;
};

}  // namespace

void runShell(const ShellOptions& options, const Disk& disk, Channel& channel) {
  const std::vector<std::string> missing = missingThings({disk});
  for (const std::string& what : missing) {
    channel.send({{"event", "unable"}, {"what", "the kernel lacks " + what}});
  }
  int status = 0;
  if (missing.empty()) {
    try {
      ShellDisk shell_disk(disk, options.is_volatile);
      makeLinks();
      // The shell has a builtin `help`.
      std::ofstream(kStartFile) << "alias help=/bin/help\n";
      const sys::Descriptor terminal = openTerminal(options);
      ShellRun run(options, terminal.get(), shell_disk);
      channel.send({{"event", "hello"}, {"kernel", kernelRelease()}});
      status = run.wait();
      ::tcdrain(terminal.get());
      channel.send({{"event", "exit"}, {"status", status}});
      // Mounts and devices disappear with the machine.
      channel.drain();
      powerOff();
    } catch (const std::exception& error) {
      channel.send({{"event", "unable"}, {"what", error.what()}});
    }
  }
  channel.drain();
  powerOff();
}

}  // namespace conformance
