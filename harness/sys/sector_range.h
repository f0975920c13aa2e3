// SPDX-License-Identifier: GPL-2.0-only
// SectorRange: a piece of a block device.
#pragma once

#include <cstdint>
#include <vector>

namespace sys {

inline constexpr std::uint64_t kSectorBytes = 512;

struct SectorRange {
  std::uint64_t start = 0;   // sectors from the beginning of the device
  std::uint64_t length = 0;  // sectors

  std::uint64_t end() const { return start + length; }
  bool operator==(const SectorRange&) const = default;
};

// The same sectors as ranges in ascending order that neither overlap nor touch; empty ones are
// dropped.
std::vector<SectorRange> normalized(std::vector<SectorRange> ranges);

// What is left of a device of that many sectors.
std::vector<SectorRange> allBut(const std::vector<SectorRange>& ranges, std::uint64_t sectors);

// The parts of the ranges that consist of whole regions, if the device is cut into regions of this
// many sectors from its beginning.
std::vector<SectorRange> wholeRegions(const std::vector<SectorRange>& ranges,
                                      std::uint64_t region_sectors);

// The regions that the ranges touch.
std::vector<SectorRange> touchedRegions(const std::vector<SectorRange>& ranges,
                                        std::uint64_t region_sectors);

// How many sectors they have in total; the ranges must not overlap.
std::uint64_t totalSectors(const std::vector<SectorRange>& ranges);

}  // namespace sys
