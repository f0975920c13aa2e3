// SPDX-License-Identifier: GPL-2.0
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

// A process that does nothing but stand still, traced by this thread; killed and reaped in the end.
class TracedProcess {
 public:
  TracedProcess() : pid_(::fork()) {
    if (pid_ != 0) return;
    // Between fork() and the end only calls that are safe in a signal handler.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
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

  // 0 once it stands still, else why it does not.
  int waitUntilStopped() {
    if (pid_ < 0) return EAGAIN;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
      if (errno != EINTR) return errno;
    }
    if (WIFSTOPPED(status)) return 0;
    pid_ = -1;  // it is gone already
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
  pid_t pid_;
};

}  // namespace

std::string whyNoUserModeLinux(std::size_t floating_point_bytes) {
  TracedProcess process;
  if (const int error = process.waitUntilStopped(); error != 0) {
    return fmt::format("ptrace, which it needs, does not work here ({})", std::strerror(error));
  }
  std::vector<std::byte> state(floating_point_bytes);
  // Without such a register set it takes an older call, whose state has one size everywhere.
  if (process.getState(state) != 0) return {};
  if (process.setState(state) == 0) return {};
  return fmt::format(
      "this processor's floating point state does not fit into the {} bytes that it has for it",
      floating_point_bytes);
}

}  // namespace qemu
