// SPDX-License-Identifier: GPL-2.0-only
// MemoryHog: a process that uses up all memory.
#pragma once

#include <sys/types.h>

namespace sys {

// It allocates more and more until the OOM killer, for which it is the first choice, kills it. It
// ends with its owner at the latest.
class MemoryHog {
 public:
  // Throws SetupError.
  MemoryHog();
  MemoryHog(const MemoryHog&) = delete;
  MemoryHog& operator=(const MemoryHog&) = delete;
  ~MemoryHog();

 private:
  pid_t pid_;
};

}  // namespace sys
