// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/host.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "qemu/host_memory.h"
#include "qemu/uml_host.h"
#include "sys/descriptor.h"

namespace qemu {
namespace {

// Descriptors of this program, and those that each machine adds to them.
constexpr std::uint64_t kOwnDescriptors = 48, kDescriptorsOfMachine = 16;
// Of each thread, by the limit of the process.
constexpr std::uint64_t kStackBytes = 1u << 20;
// More than a machine and its guard ever have at the same time.
constexpr unsigned kProcesses = 16;
constexpr unsigned kTimers = 8;
// What QEMU takes besides the guest's memory: used, and mapped, which is mostly TCG's buffer.
constexpr std::uint64_t kQemuMegabytes = 128, kQemuMappedMegabytes = 1500;

std::uint64_t limitOf(decltype(RLIMIT_AS) resource) {
  rlimit limit = {};
  return getrlimit(resource, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

// The errno of the fork that failed when this process had some children, or 0.
int tryProcesses() {
  const pid_t self = getpid();
  std::vector<pid_t> children;
  int error = 0;
  while (error == 0 && children.size() < kProcesses) {
    const pid_t child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != self) _exit(0);  // its parent died before that call
      for (;;) pause();
    }
    if (child < 0) {
      error = errno;
    } else {
      children.push_back(child);
    }
  }
  for (const pid_t child : children) {
    kill(child, SIGKILL);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return error;
}

// The errno of the timer that could not be created besides some others, or 0.
int tryTimers() {
  std::vector<timer_t> timers;
  int error = 0;
  while (error == 0 && timers.size() < kTimers) {
    timer_t timer = {};
    if (timer_create(CLOCK_MONOTONIC, nullptr, &timer) == 0) {
      timers.push_back(timer);
    } else {
      error = errno;
    }
  }
  for (const timer_t timer : timers) timer_delete(timer);
  return error;
}

std::uint64_t machinesInDescriptors() {
  const std::uint64_t limit = limitOf(RLIMIT_NOFILE);
  return limit < kOwnDescriptors ? 0 : (limit - kOwnDescriptors) / kDescriptorsOfMachine;
}

void addUserModeLinuxProblems(const Boot& boot, std::vector<std::string>& problems) {
  if (std::string why = whyNoProcesses(boot.kernel, boot.cpus); !why.empty()) {
    problems.push_back(
        fmt::format("User-Mode Linux cannot run its processes: {}. Allow ptrace (in a container: "
                    "--cap-add SYS_PTRACE, or a seccomp profile that permits it; otherwise see "
                    "kernel.yama.ptrace_scope), or use --machine qemu",
                    why));
  }
  if (std::string why = whyNotExecutable(boot.kernel); !why.empty()) {
    problems.push_back(std::move(why));
  }
  if (MemoryPlace place = memoryPlace(boot.memory_megabytes, 1); place.guests == 0) {
    problems.push_back(std::move(place.problem));
  }
  // Without a timer, the guest's clock stands still.
  if (const int error = tryTimers(); error != 0) {
    problems.push_back(fmt::format(
        "{} timers cannot be created ({}): raise the limit of pending signals (ulimit -i)", kTimers,
        std::strerror(error)));
  }
}

void addQemuProblems(const Boot& boot, std::vector<std::string>& problems) {
  const std::uint64_t needed = boot.memory_megabytes + kQemuMegabytes;
  if (const std::uint64_t available = availableMegabytes(); available < needed) {
    problems.push_back(
        fmt::format("{} MiB of memory are available, but QEMU needs {} MiB: end other programs, or "
                    "raise the container's memory limit",
                    available, needed));
  }
  const std::uint64_t mapped = boot.memory_megabytes + kQemuMappedMegabytes;
  if (const std::uint64_t limit = limitOf(RLIMIT_AS);
      limit != RLIM_INFINITY && limit >> 20 < mapped) {
    problems.push_back(
        fmt::format("address space is limited to {} MiB, but QEMU needs {} MiB: raise the limit "
                    "(ulimit -v unlimited)",
                    limit >> 20, mapped));
  }
}

}  // namespace

std::string whyNotExecutable(const std::filesystem::path& place) {
  struct statvfs filesystem {};
  if (place.empty() || ::statvfs(place.c_str(), &filesystem) != 0) return {};
  if ((filesystem.f_flag & ST_NOEXEC) == 0) return {};
  return fmt::format(
      "{} is on a filesystem that is mounted noexec: set XDG_CACHE_HOME to a "
      "directory from which programs can be started",
      place.string());
}

std::vector<std::string> whyNoProgramsOnHost() {
  std::vector<std::string> problems;
  if (machinesInDescriptors() == 0) {
    problems.push_back(fmt::format("the limit of open files is {}: raise it (ulimit -n 1024)",
                                   limitOf(RLIMIT_NOFILE)));
  }
  if (const std::uint64_t limit = limitOf(RLIMIT_STACK); limit < kStackBytes) {
    problems.push_back(
        fmt::format("the stack is limited to {} KiB: raise it (ulimit -s 8192)", limit >> 10));
  }
  if (const int error = tryProcesses(); error != 0) {
    problems.push_back(
        fmt::format("{} processes cannot be started ({}): raise the limit (ulimit -u; in a "
                    "container, its pids limit), or end other processes of this user",
                    kProcesses, std::strerror(error)));
  }
  if (!sys::Descriptor(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)))) {
    problems.push_back(
        fmt::format("pidfd_open(2) does not work ({}): use Linux 5.3 or later, and allow it in the "
                    "container's seccomp profile",
                    std::strerror(errno)));
  }
  return problems;
}

std::vector<std::string> missingOnHost(const Machine& machine, const Boot& boot) {
  std::vector<std::string> problems = whyNoProgramsOnHost();
  if (machine.kind == Kind::userModeLinux) {
    addUserModeLinuxProblems(boot, problems);
  } else {
    addQemuProblems(boot, problems);
  }
  return problems;
}

HostRoom roomOnHost(const Machine& machine, const Boot& boot, unsigned wanted) {
  HostRoom room;
  std::uint64_t fit = std::min<std::uint64_t>(wanted, machinesInDescriptors());
  if (machine.kind == Kind::userModeLinux) {
    const MemoryPlace place = memoryPlace(boot.memory_megabytes, wanted);
    room.memory_directory = place.directory;
    fit = std::min<std::uint64_t>(fit, place.guests);
  } else {
    fit = std::min(fit, availableMegabytes() / (boot.memory_megabytes + kQemuMegabytes));
  }
  room.machines = static_cast<unsigned>(std::max<std::uint64_t>(fit, 1));
  return room;
}

}  // namespace qemu
