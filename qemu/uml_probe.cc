// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/uml_probe.h"

#include <elf.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace qemu {
namespace {

// A stopped process that this thread traces; killed and reaped in the end.
class TracedProcess {
 public:
  TracedProcess() {
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ != 0) return;
    // After fork(), only async-signal-safe calls.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);  // it died before that call
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(errno);
    ::kill(::getpid(), SIGSTOP);
    ::_exit(0);
  }
  TracedProcess(const TracedProcess&) = delete;
  TracedProcess& operator=(const TracedProcess&) = delete;
  ~TracedProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    for (;;) {
      const pid_t reaped = ::waitpid(pid_, &status, 0);
      if (reaped < 0 && errno == EINTR) continue;
      if (reaped != pid_ || WIFEXITED(status) || WIFSIGNALED(status)) break;
    }
  }

  // 0 once it is stopped, else an errno.
  int waitUntilStopped() {
    if (pid_ < 0) return EAGAIN;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
      if (errno != EINTR) return errno;
    }
    if (WIFSTOPPED(status)) return 0;
    pid_ = -1;  // already reaped
    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  }

  // 0, or the errno of the call.
  int getState(std::vector<std::byte>& state) {
    iovec all = {state.data(), state.size()};
    return ::ptrace(PTRACE_GETREGSET, pid_, NT_X86_XSTATE, &all) == 0 ? 0 : errno;
  }
  int setState(std::vector<std::byte>& state) {
    iovec all = {state.data(), state.size()};
    return ::ptrace(PTRACE_SETREGSET, pid_, NT_X86_XSTATE, &all) == 0 ? 0 : errno;
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace

std::string whyNoPtrace() {
  TracedProcess process;
  const int error = process.waitUntilStopped();
  return error == 0 ? "" : std::strerror(error);
}

std::string whyNoUserModeLinux(std::size_t floating_point_bytes) {
  TracedProcess process;
  if (const int error = process.waitUntilStopped(); error != 0) {
    return fmt::format("ptrace does not work ({})", std::strerror(error));
  }
  std::vector<std::byte> state(floating_point_bytes);
  // Without this register set, it uses an older request, whose state has a fixed size.
  if (process.getState(state) != 0) return {};
  if (process.setState(state) == 0) return {};
  return fmt::format(
      "the processor's floating point state does not fit into its buffer of {} bytes",
      floating_point_bytes);
}

}  // namespace qemu
