// SPDX-License-Identifier: GPL-2.0-only
#include "sys/memory_hog.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

// Calls only what is allowed between fork and exec in a process with threads.
[[noreturn]] void takeAll() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  constexpr std::string_view kFirst = "1000";
  if (score < 0 || ::write(score, kFirst.data(), kFirst.size()) < 0) ::_exit(1);
  for (;;) {
    void* const piece = ::mmap(nullptr, kPiece, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (piece == MAP_FAILED) ::pause();
  }
}

}  // namespace

MemoryHog::MemoryHog()
    : pid_(static_cast<pid_t>(require(::fork(), "fork", "a process that takes all memory"))) {
  if (pid_ == 0) takeAll();
}

MemoryHog::~MemoryHog() {
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace sys
