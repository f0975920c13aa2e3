// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/scratch.h"

#include "conformance/failing_disk.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

std::string& chosenScratch() {
  static std::string device = "/dev/ram0";
  return device;
}

std::uint64_t sectorsOrNone(const std::string& device) {
  try {
    return sys::deviceSectors(device);
  } catch (const sys::SetupError&) {
    return 0;
  }
}

}  // namespace

void chooseScratch(const std::vector<Disk>& disks, const std::string& offered) {
  if (offered.empty()) return;
  // Copies would fill a RAM disk with zeroes, which the disk that a host offers need not keep.
  const bool has_room = sectorsOrNone(scratchDevice()) >= scratchSectorsFor(disks);
  if (!has_room || FailingDisk::usesCopies()) chosenScratch() = offered;
}

const std::string& scratchDevice() {
  return chosenScratch();
}

std::uint64_t scratchSectorsFor(const std::vector<Disk>& disks) {
  std::uint64_t sectors = 0;
  for (const Disk& disk : disks) {
    sectors += FailingDisk::scratchSectors(sectorsOrNone(disk.device));
  }
  return sectors;
}

}  // namespace conformance
