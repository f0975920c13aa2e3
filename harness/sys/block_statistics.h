// SPDX-License-Identifier: GPL-2.0-only
// What the kernel counts of a block device's traffic.
#pragma once

#include <cstdint>
#include <string>

#include "sys/open_file.h"

namespace sys {

struct BlockStatistics {
  std::uint64_t reads = 0;      // requests that completed, successful or not
  std::uint64_t writes = 0;     // the same
  std::uint64_t in_flight = 0;  // requests that have not completed
};

// The counters of one device. The file stays open, because system calls are expensive in an
// emulated machine.
class BlockCounters {
 public:
  // Opens /sys/dev/block/<number>/stat; `number` is "253:1". Throws SetupError.
  explicit BlockCounters(const std::string& number);
  // Throws SetupError.
  BlockStatistics read() const;

 private:
  File file_;
};

// Parses the text of that file. Throws SetupError (EINVAL) if the counters are missing.
BlockStatistics parseBlockStatistics(const std::string& text);

}  // namespace sys
