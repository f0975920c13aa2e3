// SPDX-License-Identifier: GPL-2.0-only
// Scratch: the block device that takes the writes of all cases.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/options.h"

namespace conformance {

// Chooses it, once: the RAM disk /dev/ram0 if that has room for these disks and the kernel has
// snapshots, otherwise `offered`, which may be empty.
void chooseScratch(const std::vector<Disk>& disks, const std::string& offered);
// The chosen one, whether it exists or not.
const std::string& scratchDevice();
// The sectors that the writes to these disks need.
std::uint64_t scratchSectorsFor(const std::vector<Disk>& disks);

}  // namespace conformance
