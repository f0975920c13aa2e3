// SPDX-License-Identifier: GPL-2.0
// FailingDisk: a disk that is as new for every case, and fails where and when it is told to.
//
//   the read-only disk <- snapshot, its writes in RAM <- subject, which is mounted
//                               error <- faulty <----------'  for broken sectors only
//
// Bios that the "error" target ends are not accounted to the device that has it; one linear device
// in front of it, "faulty", counts them (dm_io_acct() and DM_MAPIO_KILL in drivers/md/dm.c).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "conformance/options.h"
#include "sys/device_mapper.h"
#include "sys/sector_range.h"

namespace conformance {

class FailingDisk {
 public:
  // Makes the devices that last for the run. What is written goes to these sectors of the RAM disk.
  // Throws SetupError.
  FailingDisk(const Disk& disk, const sys::SectorRange& scratch);

  const std::string& filesystem() const { return disk_.filesystem; }
  const std::string& readOnlyDevice() const { return disk_.device; }
  std::string node() const { return stack_->subject.node(); }  // what is mounted

  // Lets `write` change the disk, by its node, before the first renewal: what it leaves is what
  // every case begins with. Throws SetupError, and what `write` throws.
  void furnish(const std::function<void(const std::string& node)>& write);
  // From now on the disk is as furnish() left it, or mkfs. Throws SetupError, also when an earlier
  // discard() failed in the background.
  void renew();
  // Lets go of what was written; nothing may be mounted. That takes the kernel long, so it goes on
  // while the next case runs on other devices. Throws SetupError (EBUSY): the disk is still in use.
  void discard();
  // Waits until all that was discarded is gone. Throws SetupError.
  void finish();

  // These sectors fail from now on, reads and writes; all others work. Each range is made of whole
  // regions (kSwitchRegionSectors).
  void breakSectors(const std::vector<sys::SectorRange>& sectors);
  void heal();
  // Writes that failed since the devices were made.
  std::uint64_t failedWrites() const;

 private:
  // The devices of a case at a time. The snapshot has two pieces of the RAM disk and forgets by
  // changing from one to the other: removing devices would take even longer.
  struct Stack {
    sys::MappedDevice scratch[2];
    sys::MappedDevice snapshot;
    sys::MappedDevice subject;
    std::size_t current = 0;       // the scratch in use
    std::future<void> forgetting;  // of what the last case wrote
    bool stuck = false;            // still in use after its case: never used again
  };

  sys::MappedDevice scratch(const std::string& role, std::size_t share) const;
  sys::DeviceTable snapshotTable(const std::string& origin, const sys::MappedDevice& scratch) const;
  // What the cases' snapshots are taken of.
  std::string origin() const { return furnished_ ? furnished_->number() : disk_.device; }
  void forgetFilesystem(const std::string& node) const;
  Stack makeStack();
  Stack& nextStack();
  std::string deviceName(const std::string& role) const;

  Disk disk_;
  sys::SectorRange scratch_;
  std::uint64_t sectors_;
  bool has_switch_;
  sys::MappedDevice error_;
  sys::MappedDevice faulty_;
  std::optional<sys::MappedDevice> furnished_scratch_;
  std::optional<sys::MappedDevice> furnished_;
  std::deque<Stack> stacks_;  // made when they are needed
  Stack* stack_ = nullptr;    // the one in use
  std::vector<sys::SectorRange> broken_;  // those that fail now
};

}  // namespace conformance
