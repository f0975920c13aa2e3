// SPDX-License-Identifier: GPL-2.0
// What one system call costs on one subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace runner {

struct CallCost {
  std::string call;                // "pread, 4 KiB"
  std::string subject;             // "plain", "overlay", "volatile"
  std::uint64_t instructions = 0;  // from user mode to user mode, the median of all repetitions
  std::size_t repetitions = 0;
  std::size_t equal = 0;  // repetitions that took just so many
};

}  // namespace runner
