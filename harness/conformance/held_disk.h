// SPDX-License-Identifier: GPL-2.0-only
// HeldDisk: requests of the filesystem wait, until release() or the destructor.
#pragma once

#include <optional>

#include "conformance/failing_disk.h"

namespace conformance {

class HeldDisk {
 public:
  // Throws SetupError.
  explicit HeldDisk(FailingDisk& disk, Held held = Held::everything);
  HeldDisk(FailingDisk& disk, const sys::SectorRange& sectors);
  HeldDisk(const HeldDisk&) = delete;
  HeldDisk& operator=(const HeldDisk&) = delete;
  ~HeldDisk();
  // Throws SetupError.
  void release();

 private:
  FailingDisk* disk_;         // null: released
  std::optional<Held> held_;  // nothing: some sectors
};

}  // namespace conformance
