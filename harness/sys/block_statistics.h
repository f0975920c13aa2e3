// SPDX-License-Identifier: GPL-2.0
// What the kernel counts of a block device's traffic.
#pragma once

#include <cstdint>
#include <string>

#include "sys/open_file.h"

namespace sys {

struct BlockStatistics {
  std::uint64_t reads = 0;   // requests that ended, well or not
  std::uint64_t writes = 0;  // the same
};

// Those of one device. The file stays open: in an emulated machine a system call costs more than
// what it asks for.
class BlockCounters {
 public:
  // Opens /sys/dev/block/<number>/stat; `number` is "253:1". Throws SetupError.
  explicit BlockCounters(const std::string& number);
  // Throws SetupError.
  BlockStatistics read() const;

 private:
  File file_;
};

// Takes the counters out of that file's text. Throws SetupError (EINVAL) when they aren't there.
BlockStatistics parseBlockStatistics(const std::string& text);

}  // namespace sys
