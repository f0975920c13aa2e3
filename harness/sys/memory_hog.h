// SPDX-License-Identifier: GPL-2.0
// MemoryHog: a process that takes all memory there is.
#pragma once

#include <sys/types.h>

namespace sys {

// It takes more and more, until the kernel kills it for that, it being the first to be killed. It
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
