// SPDX-License-Identifier: GPL-2.0-only
// Blocks of a device, read and written past every cache (O_DIRECT).
#pragma once

#include <string>
#include <string_view>

#include "sys/sector_range.h"

namespace sys {

// The unit of both: bytes of a block, and a multiple of every device's sector.
inline constexpr std::uint64_t kBlockBytes = 4096;
// The nth block of a device.
SectorRange block(std::uint64_t number);

// Both throw SetupError. Place and size must be whole blocks.
std::string readBlocks(const std::string& device, const SectorRange& place);
void writeBlocks(const std::string& device, const SectorRange& place, std::string_view bytes);

}  // namespace sys
