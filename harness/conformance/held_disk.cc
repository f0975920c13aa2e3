// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/held_disk.h"

#include <exception>
#include <iostream>
#include <utility>

namespace conformance {

HeldDisk::HeldDisk(FailingDisk& disk, Held held) : disk_(&disk), held_(held) {
  disk.hold(held);
}

HeldDisk::HeldDisk(FailingDisk& disk, const sys::SectorRange& sectors) : disk_(&disk) {
  disk.holdSectors(sectors);
}

HeldDisk::~HeldDisk() {
  try {
    release();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

void HeldDisk::release() {
  FailingDisk* const disk = std::exchange(disk_, nullptr);
  if (disk == nullptr) return;
  held_ ? disk->release(*held_) : disk->releaseSectors();
}

}  // namespace conformance
