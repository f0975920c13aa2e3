// SPDX-License-Identifier: GPL-2.0
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

// The whole of a device of `sectors` is `device`, sector by sector.
DeviceTable linearTable(std::uint64_t sectors, const std::string& device);

// As linearTable(), but the sectors of `broken` are those of `broken_device`, each at its own
// place. Throws std::out_of_range when a range reaches past the end.
DeviceTable linearTableWithHoles(std::uint64_t sectors, const std::string& device,
                                 const std::vector<SectorRange>& broken,
                                 const std::string& broken_device);

// What a "switch" moves as one: 64 KiB. It cuts every request into such pieces, so small ones cost.
inline constexpr std::uint64_t kSwitchRegionSectors = 128;

// A table whose regions can be moved between devices by a message, at no cost ("switch" target): a
// swap of tables waits for RCU several times. A new device has them on all devices in turn.
DeviceTable switchTable(std::uint64_t sectors, const std::vector<std::string>& devices);

// The message that moves these sectors to the nth device of a switchTable(). Throws
// std::invalid_argument for a range that doesn't begin where a region does. A last region that
// isn't whole counts as one.
std::string switchMessage(const std::vector<SectorRange>& sectors, unsigned device);

}  // namespace sys
