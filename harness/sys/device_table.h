// SPDX-License-Identifier: GPL-2.0-only
// Tables of device-mapper devices, as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sys/sector_range.h"

namespace sys {

// One line of a table: which target serves these sectors, with its own parameters.
struct TableLine {
  SectorRange range;
  std::string target;      // "linear", "error", "snapshot"
  std::string parameters;  // "253:1 0"

  bool operator==(const TableLine&) const = default;
};

using DeviceTable = std::vector<TableLine>;

// Maps a device of `sectors` sectors one to one to `device`.
DeviceTable linearTable(std::uint64_t sectors, const std::string& device);

// As linearTable(), but maps the sectors of `broken` to the same sectors of `broken_device`. Throws
// std::out_of_range when a range reaches past the end.
DeviceTable linearTableWithHoles(std::uint64_t sectors, const std::string& device,
                                 const std::vector<SectorRange>& broken,
                                 const std::string& broken_device);

// A table whose regions can be moved between devices by a message ("switch" target). That is cheap,
// while swapping tables waits for RCU several times. Every request is split into regions. In a new
// table the regions are on all devices in turn.
DeviceTable switchTable(std::uint64_t sectors, std::uint64_t region_sectors,
                        const std::vector<std::string>& devices);

// The message that moves these sectors to the nth device of a switchTable(). Throws
// std::invalid_argument for a range that does not start at a region. A partial last region counts
// as a whole one.
std::string switchMessage(const std::vector<SectorRange>& sectors, std::uint64_t region_sectors,
                          unsigned device);

}  // namespace sys
