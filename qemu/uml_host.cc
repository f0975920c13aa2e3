// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/uml_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "qemu/host_memory.h"
#include "qemu/uml_probe.h"
#include "sys/child_process.h"
#include "sys/descriptor.h"

namespace qemu {
namespace {

// Why a file of that size cannot be created in the directory and mapped as code; empty: it can.
std::string whyNoMemoryFile(const std::string& directory, unsigned megabytes) {
  const auto bytes = static_cast<off_t>(megabytes) << 20;
  sys::Descriptor file(open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0700));
  if (!file && errno == EOPNOTSUPP) {
    std::string name = directory + "/ovl-syncfs-XXXXXX";
    file = sys::Descriptor(mkostemp(name.data(), O_CLOEXEC));
    if (file) unlink(name.c_str());
  }
  if (!file) return std::strerror(errno);
  // The signal of RLIMIT_FSIZE is ignored (sys/interrupt.h).
  if (ftruncate(file.get(), bytes) != 0) {
    return errno == EFBIG ? "file sizes are limited (ulimit -f)" : std::strerror(errno);
  }
  constexpr int kAnything = PROT_READ | PROT_WRITE | PROT_EXEC;
  void* const memory = mmap(nullptr, static_cast<std::size_t>(bytes), kAnything,
                            MAP_SHARED | MAP_NORESERVE, file.get(), 0);
  if (memory == MAP_FAILED) {
    if (errno == EPERM) return "mounted noexec";
    return errno == ENOMEM ? "address space is limited (ulimit -v)" : std::strerror(errno);
  }
  munmap(memory, static_cast<std::size_t>(bytes));
  return {};
}

// In MiB.
std::uint64_t roomIn(const std::string& directory) {
  struct statfs status = {};
  if (statfs(directory.c_str(), &status) != 0) return 0;
  const auto room =
      (static_cast<std::uint64_t>(status.f_bavail) * static_cast<std::uint64_t>(status.f_bsize)) >>
      20;
  const bool of_memory = status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
  return of_memory ? std::min(room, availableMegabytes()) : room;
}

// In a child process, so only async-signal-safe calls. Exits with 0 if a filter traps a system call
// and the handler of that trap runs; else with an errno.
[[noreturn]] void tryFilter() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct sigaction action = {};
  action.sa_handler = [](int) { _exit(0); };
  if (sigaction(SIGSYS, &action, nullptr) != 0) _exit(errno);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program = {.len = static_cast<unsigned short>(std::size(filter)), .filter = filter};
  // User-Mode Linux closes all descriptors of such a process.
  if (syscall(SYS_close_range, ~0U, ~0U, 0) != 0) _exit(errno);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(errno);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
    _exit(errno);
  }
  syscall(SYS_getppid);
  _exit(ENOSYS);
}

// Since 6.16, `linux --help` has the option seccomp=.
bool knowsSeccomp(const std::filesystem::path& kernel) {
  if (kernel.empty()) return true;
  const sys::Output help = sys::runCommand({.arguments = {kernel.string(), "--help"}});
  return help.text.find("seccomp=") != std::string::npos;
}

}  // namespace

MemoryPlace memoryPlace(unsigned megabytes, unsigned guests) {
  MemoryPlace best;
  std::string problems;
  const char* own = std::getenv("TMPDIR");
  for (const char* directory : {"/dev/shm", own, "/tmp", "/var/tmp"}) {
    if (directory == nullptr || *directory == '\0') continue;
    std::string why = whyNoMemoryFile(directory, megabytes);
    const std::uint64_t room = why.empty() ? roomIn(directory) : 0;
    const auto fit = static_cast<unsigned>(std::min<std::uint64_t>(guests, room / megabytes));
    if (fit > best.guests) best = {directory, fit, {}};
    if (fit == guests) return best;
    if (why.empty()) why = fmt::format("room for {} MiB", room);
    problems += fmt::format("{}{}: {}", problems.empty() ? "" : "; ", directory, why);
  }
  if (best.guests != 0) return best;
  best.problem = fmt::format(
      "no directory for the guest's memory, a file of {} MiB that is mapped as code ({}); set "
      "TMPDIR to a directory with room that is not mounted noexec, or raise the limit",
      megabytes, problems);
  return best;
}

std::string whyNoSeccomp() {
  const pid_t child = fork();
  if (child == 0) tryFilter();
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) return fmt::format("fork: {}", std::strerror(errno));
  if (WIFSIGNALED(status)) return "the filter's process was killed";
  return WEXITSTATUS(status) == 0 ? "" : std::strerror(WEXITSTATUS(status));
}

std::string whyNoProcesses(const std::filesystem::path& kernel, unsigned cpus) {
  const std::string no_seccomp = whyNoSeccomp();
  const std::string no_ptrace = whyNoPtrace();
  if (no_seccomp.empty() && no_ptrace.empty()) return {};
  const bool knows_seccomp = knowsSeccomp(kernel);
  if (knows_seccomp && no_seccomp.empty()) return {};
  if (knows_seccomp && cpus > 1) {
    return fmt::format("seccomp filters, which it needs for several processors, are denied ({})",
                       no_seccomp);
  }
  if (no_ptrace.empty()) return {};
  if (!knows_seccomp) return fmt::format("ptrace is denied ({})", no_ptrace);
  return fmt::format("ptrace ({}) and seccomp filters ({}) are denied", no_ptrace, no_seccomp);
}

}  // namespace qemu
