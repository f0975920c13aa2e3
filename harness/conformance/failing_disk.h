// SPDX-License-Identifier: GPL-2.0-only
// FailingDisk: a disk that is fresh for every case, and fails where and when it is told to.
//
//   the read-only disk <- snapshot, its writes in RAM <- subject, which is mounted
//                                ^----- held <-.        |
//                                ^----------- blocks <--|  regions in which something
//         error, flakey, thin or loop <- front <-'------'  is broken or held
//
// The subject is in regions of 64 KiB, each on one of the other devices: to split requests into
// smaller pieces would cost too much. In the regions that are on it, "blocks" does the same with
// single blocks.
//
// Without dm-snapshot, a copy of the disk takes the place of the snapshot; it is written again
// after each case.
//
// Bios that a target such as "error" ends itself are not accounted to its device; the linear device
// in front of each counts them (dm_io_acct() and DM_MAPIO_KILL in drivers/md/dm.c).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/full_pool.h"
#include "conformance/options.h"
#include "conformance/pristine_image.h"
#include "conformance/timing_out_device.h"
#include "sys/block_statistics.h"
#include "sys/device_blocks.h"
#include "sys/device_mapper.h"
#include "sys/sector_range.h"
#include "sys/write_log.h"

namespace conformance {

// What a FailingDisk can move from one of its devices to another.
inline constexpr std::uint64_t kRegionSectors = 128;
inline constexpr std::uint64_t kBlockSectors = sys::kBlockBytes / sys::kSectorBytes;

// How broken sectors fail.
enum class FaultKind {
  error,         // reads and writes end with EIO (dm-error)
  error_writes,  // writes end with EIO, reads give what was there before the case (dm-flakey)
  no_space,      // writes end with ENOSPC (a dm-thin pool that is full)
  timed_out      // writes end with ETIMEDOUT (a loop device on a file that answers so)
};

// Which requests are held back.
enum class Held {
  everything,
  what_works  // requests to broken sectors still fail at once
};

// What a write then ends with.
int errnoOf(FaultKind kind);

class FailingDisk {
 public:
  // Creates the devices that last for the run. Writes go to these sectors of the scratch device;
  // the fewer cases there are, the more room has each. Throws SetupError.
  FailingDisk(const Disk& disk, const sys::SectorRange& scratch, std::size_t cases = SIZE_MAX);
  // Whether this kernel has no snapshots, so that each case gets a copy of the disk.
  static bool usesCopies();
  // How many sectors a disk of that size needs there.
  static std::uint64_t scratchSectors(std::uint64_t sectors_of_disk);

  const filesystems::Filesystem& filesystem() const { return *disk_.filesystem; }
  const std::string& readOnlyDevice() const { return disk_.device; }
  std::string node() const { return stack_->subject.node(); }  // what is mounted

  // Lets `write` fill the disk through its node, before the first renew(): every case starts with
  // the result. Throws SetupError, and what `write` throws.
  void populate(const std::function<void(const std::string& node)>& write);
  // Resets the disk to the state that populate(), or else mkfs, left. Throws SetupError, also when
  // an earlier discard() failed in the background.
  void renew();
  // Discards what was written; nothing may be mounted. The kernel takes long for that, so it
  // continues in the background while the next case runs on other devices. Throws SetupError
  // (EBUSY): the disk is still in use.
  void discard();
  // The writes that reach the disk while `use` works with it through another device, in their order
  // (dm-log-writes). Throws SetupError, also when something is still in use, and what `use` throws.
  sys::WriteLog logWrites(const std::function<void(sys::MappedDevice& log)>& use);
  // Writes to the disk, on which nothing is mounted. Throws SetupError.
  void write(std::span<const sys::LoggedWrite> writes);
  // Waits until the kernel is done with all discards. Throws SetupError.
  void finish();

  // Replaces whole blocks of the disk below all caches of the filesystem; returns what was there.
  // Throws SetupError.
  std::string replace(const sys::SectorRange& place, std::string_view bytes);
  // What node() is on: reads what has reached the disk, whatever the filesystem has cached.
  std::string nodeBelow() const { return stack_->snapshot.node(); }
  // Requests of the filesystem wait from hold() to release(). Both throw SetupError.
  void hold(Held held);
  void release(Held held) { holder(held).resume(); }
  // The same for those to these sectors only; the others are served, and so are flushes. Throw
  // SetupError (EBUSY: some sectors are broken or held).
  void holdSectors(const sys::SectorRange& sectors);
  void releaseSectors();

  // Why this kernel cannot make sectors fail in this way; empty if it can.
  static std::string whyNot(FaultKind kind);
  // Makes these sectors fail from now on. Whole blocks are cheap; for others the table of the
  // device is swapped. Throws SetupError (EBUSY: others are broken or held).
  void breakSectors(const std::vector<sys::SectorRange>& sectors, FaultKind kind);
  // From now on breakSectors() breaks nothing, for a test of the suite itself: each case that
  // relies on a fault must notice.
  void disarm() { disarmed_ = true; }
  bool isDisarmed() const { return disarmed_; }
  // Once breakSectors() has let writes time out, each waits for so long before it fails.
  void timeOutAfter(std::chrono::milliseconds delay) {
    if (timing_out_) timing_out_->failAfter(delay);
  }
  // All sectors.
  sys::SectorRange wholeDisk() const { return {0, sectors_}; }
  void heal();
  // Writes to the disk that have completed since it was created, successful or not, of all cases.
  std::uint64_t writes() const;
  // Reads and writes that failed since the devices were made.
  sys::BlockStatistics failures() const;

 private:
  // The devices of one case at a time. The snapshot has two shares of the scratch device, and
  // forgets what was written by switching from one to the other: removing devices would take even
  // longer. A copy has one share.
  struct Stack {
    std::vector<sys::MappedDevice> scratch;
    sys::MappedDevice snapshot;  // or copy
    sys::MappedDevice held;
    std::optional<sys::MappedDevice> blocks;  // if there are switches
    sys::MappedDevice subject;
    std::size_t current = 0;       // the scratch in use
    std::future<void> forgetting;  // of what the last case wrote
    bool stuck = false;            // still in use after its case: never used again
  };

  // The devices as a switch table numbers them: that of the subject, and that of blocks.
  static constexpr unsigned kGood = 0, kFirstFront = 1;
  unsigned blocksNumber() const { return kFirstFront + static_cast<unsigned>(fronts_.size()); }
  unsigned heldNumber() const { return blocksNumber(); }
  // What moves at once: regions of the subject, those of blocks, or sectors, by another table.
  enum class Unit { region, block, sector };
  Unit unitFor(const std::vector<sys::SectorRange>& sectors, unsigned device) const;

  sys::MappedDevice& holder(Held held) {
    return held == Held::everything ? stack_->subject : stack_->snapshot;
  }
  // False without device-mapper; missingThings() then says so.
  static bool hasTarget(const char* target);
  sys::SectorRange share(std::size_t number) const;
  sys::MappedDevice scratch(const std::string& role, std::size_t number) const;
  std::size_t mostStacks() const;
  std::size_t shares() const;  // that the scratch is cut into
  // The disk as it is before a case, with its writes on `scratch`.
  sys::DeviceTable freshTable(const std::string& origin, const sys::MappedDevice& scratch) const;
  // Loads a table with this device, the fronts and another device; all is on the first one.
  void loadSwitch(sys::MappedDevice& device, std::uint64_t region_sectors,
                  const sys::MappedDevice& good, const sys::MappedDevice& last) const;
  // All of the subject is on the snapshot.
  void makeGood(Stack& stack) const;
  // Moves sectors to one of the other devices, and back. Throw SetupError.
  void move(const std::vector<sys::SectorRange>& sectors, unsigned device);
  void moveBack();
  // Writes the image to a copy; nothing for a snapshot.
  void refresh(const sys::MappedDevice& copy) const;
  // The device that the snapshots are taken of.
  std::string origin() const { return populated_ ? populated_->number() : disk_.device; }
  Stack makeStack();
  Stack& nextStack();
  // The linear device in front of one that fails. It exists from the start, so that a switch can
  // name it; the failing device itself is created when it is first needed.
  struct Front {
    sys::MappedDevice device;
    sys::BlockCounters counters;
  };
  Front& front(FaultKind kind) { return fronts_[static_cast<std::size_t>(kind)]; }
  void prepare(FaultKind kind);
  // Until the writes that are going to time out have done so: they would fail after heal(). Throws
  // SetupError.
  void waitForTimeouts();
  std::string deviceName(const std::string& role) const;

  Disk disk_;
  sys::SectorRange scratch_;
  std::size_t cases_;
  std::uint64_t sectors_;
  bool has_switch_, has_snapshot_;
  sys::MappedDevice error_;
  std::vector<Front> fronts_;  // in the order of FaultKind
  std::optional<sys::MappedDevice> populated_scratch_;
  std::optional<sys::MappedDevice> populated_;
  std::optional<PristineImage> image_;   // without snapshots
  std::deque<Stack> stacks_;             // created on demand
  Stack* stack_ = nullptr;               // the one in use
  bool is_broken_ = false;               // also while disarmed
  std::vector<sys::SectorRange> moved_;  // those that are broken or held
  Unit moved_by_ = Unit::region;
  bool disarmed_ = false;
  std::optional<sys::MappedDevice> flakey_;
  std::optional<FullPool> full_pool_;
  std::optional<TimingOutDevice> timing_out_;
};

}  // namespace conformance
