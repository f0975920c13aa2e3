// SPDX-License-Identifier: GPL-2.0-only
#include "sys/sector_range.h"

#include <algorithm>

namespace sys {

std::vector<SectorRange> normalized(std::vector<SectorRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const SectorRange& a, const SectorRange& b) { return a.start < b.start; });
  std::vector<SectorRange> result;
  for (const SectorRange& range : ranges) {
    if (range.length == 0) continue;
    if (!result.empty() && range.start <= result.back().end()) {
      SectorRange& last = result.back();
      last.length = std::max(last.end(), range.end()) - last.start;
    } else {
      result.push_back(range);
    }
  }
  return result;
}

std::vector<SectorRange> allBut(const std::vector<SectorRange>& ranges, std::uint64_t sectors) {
  std::vector<SectorRange> left;
  std::uint64_t position = 0;
  for (const SectorRange& range : normalized(ranges)) {
    if (range.start > position) left.push_back({position, range.start - position});
    position = range.end();
  }
  if (position < sectors) left.push_back({position, sectors - position});
  return left;
}

std::vector<SectorRange> wholeRegions(const std::vector<SectorRange>& ranges,
                                      std::uint64_t region_sectors) {
  std::vector<SectorRange> whole;
  for (const SectorRange& range : normalized(ranges)) {
    const std::uint64_t first = (range.start + region_sectors - 1) / region_sectors;
    const std::uint64_t end = range.end() / region_sectors;
    if (first < end) whole.push_back({first * region_sectors, (end - first) * region_sectors});
  }
  return whole;
}

std::vector<SectorRange> touchedRegions(const std::vector<SectorRange>& ranges,
                                        std::uint64_t region_sectors) {
  std::vector<SectorRange> touched;
  for (const SectorRange& range : normalized(ranges)) {
    const std::uint64_t first = range.start / region_sectors;
    const std::uint64_t end = (range.end() + region_sectors - 1) / region_sectors;
    touched.push_back({first * region_sectors, (end - first) * region_sectors});
  }
  return normalized(touched);
}

std::uint64_t totalSectors(const std::vector<SectorRange>& ranges) {
  std::uint64_t sectors = 0;
  for (const SectorRange& range : ranges) sectors += range.length;
  return sectors;
}

}  // namespace sys
