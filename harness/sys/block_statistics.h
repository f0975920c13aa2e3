// SPDX-License-Identifier: GPL-2.0
// What the kernel counts of a block device's traffic.
#pragma once

#include <cstdint>
#include <string>

namespace sys {

struct BlockStatistics {
  std::uint64_t reads = 0;   // requests that ended, well or not
  std::uint64_t writes = 0;  // the same
};

// Reads /sys/dev/block/<number>/stat; `number` is "253:1". Throws SetupError.
BlockStatistics blockStatistics(const std::string& number);

// Takes the counters out of that file's text. Throws SetupError (EINVAL) when they aren't there.
BlockStatistics parseBlockStatistics(const std::string& text);

}  // namespace sys
