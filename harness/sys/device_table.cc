// SPDX-License-Identifier: GPL-2.0-only
#include "sys/device_table.h"

#include <sstream>
#include <stdexcept>

namespace sys {
namespace {

TableLine linearLine(SectorRange range, const std::string& device) {
  return {range, "linear", device + ' ' + std::to_string(range.start)};
}

}  // namespace

DeviceTable linearTable(std::uint64_t sectors, const std::string& device) {
  return {linearLine({0, sectors}, device)};
}

DeviceTable linearTableWithHoles(std::uint64_t sectors, const std::string& device,
                                 const std::vector<SectorRange>& broken,
                                 const std::string& broken_device) {
  DeviceTable table;
  std::uint64_t position = 0;
  for (const SectorRange& range : normalized(broken)) {
    if (range.end() > sectors) {
      throw std::out_of_range("sectors up to " + std::to_string(range.end()) +
                              " of a device that has " + std::to_string(sectors));
    }
    if (range.start > position) {
      table.push_back(linearLine({position, range.start - position}, device));
    }
    table.push_back(linearLine(range, broken_device));
    position = range.end();
  }
  if (position < sectors) table.push_back(linearLine({position, sectors - position}, device));
  return table;
}

DeviceTable switchTable(std::uint64_t sectors, std::uint64_t region_sectors,
                        const std::vector<std::string>& devices) {
  std::string parameters =
      std::to_string(devices.size()) + ' ' + std::to_string(region_sectors) + " 0";
  for (const std::string& device : devices) parameters += ' ' + device + " 0";
  return {{{0, sectors}, "switch", parameters}};
}

std::string switchMessage(const std::vector<SectorRange>& sectors, std::uint64_t region_sectors,
                          unsigned device) {
  std::ostringstream message;
  message << "set_region_mappings" << std::hex;
  for (const SectorRange& range : normalized(sectors)) {
    if (range.start % region_sectors != 0) {
      throw std::invalid_argument("sector " + std::to_string(range.start) +
                                  " is not the first of a region");
    }
    const std::uint64_t regions = (range.length + region_sectors - 1) / region_sectors;
    message << ' ' << range.start / region_sectors << ':' << device;
    // The first region's mapping, repeated for all that follow.
    if (regions > 1) message << " R1," << regions - 1;
  }
  return message.str();
}

}  // namespace sys
