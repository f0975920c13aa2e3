// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/failing_disk.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <utility>

#include "conformance/filesystem_actions.h"
#include "conformance/scratch.h"
#include "sys/device_blocks.h"
#include "sys/device_table.h"
#include "sys/extents.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// 16 KiB. Smaller writes copy the rest of a chunk, but XFS clears 2 MiB of its log at every mount,
// and each chunk costs.
constexpr int kSnapshotChunkSectors = 32;

// This many stacks may be forgetting what was written to them before the next case has to wait.
// That takes three SRCU grace periods. In User-Mode Linux each waits for a tick: 30 ms in all,
// enough for up to twenty cases.
constexpr std::size_t kMostStacks = 24;
// There are fewer stacks if a share would be smaller than this.
constexpr std::uint64_t kLeastShareSectors = std::uint64_t{6} * 2048;

// With copies, each stack needs a share as large as the disk: one is in use while the last one is
// written again.
constexpr std::size_t kCopies = 2;
// Besides the shares of the stacks: one for the populated disk, one for the log of writes, one for
// the full pool.
constexpr std::size_t kOtherShares = 3;
// With snapshots, a disk of any size needs 256 MiB: its shares then have room for much more than a
// case writes.
constexpr std::uint64_t kSnapshotScratchSectors = 256ULL << 11;

}  // namespace

bool FailingDisk::hasTarget(const char* target) {
  static const std::set<std::string> kTargets = [] {
    try {
      return sys::deviceMapperTargets();
    } catch (const sys::SetupError&) {
      return std::set<std::string>();
    }
  }();
  return kTargets.count(target) != 0;
}

std::string FailingDisk::deviceName(const std::string& role) const {
  return "ovl-syncfs-" + std::to_string(::getpid()) + '-' + filesystem().name + '-' + role;
}

FailingDisk::FailingDisk(const Disk& disk, const sys::SectorRange& scratch, std::size_t cases)
    : disk_(disk),
      scratch_(scratch),
      cases_(cases),
      sectors_(sys::deviceSectors(disk.device)),
      has_switch_(hasTarget("switch")),
      has_snapshot_(!usesCopies()),
      error_(deviceName("error"), {{{0, sectors_}, "error", ""}}) {
  for (const char* role : {"error-front", "flakey-front", "thin-front", "loop-front"}) {
    sys::MappedDevice device(deviceName(role), sys::linearTable(sectors_, error_.number()));
    sys::BlockCounters counters(device.number());
    fronts_.push_back({std::move(device), std::move(counters)});
  }
}

bool FailingDisk::usesCopies() {
  return !hasTarget("snapshot");
}

std::uint64_t FailingDisk::scratchSectors(std::uint64_t sectors_of_disk) {
  if (!usesCopies()) return kSnapshotScratchSectors;
  return (kCopies + kOtherShares) * (sectors_of_disk + kSnapshotChunkSectors);
}

std::size_t FailingDisk::mostStacks() const {
  if (!has_snapshot_) return kCopies;
  const std::uint64_t shares = scratch_.length / kLeastShareSectors;
  return std::min(
      cases_, std::clamp<std::size_t>(shares < kOtherShares ? 0 : (shares - kOtherShares) / 2, 2,
                                      kMostStacks));
}

std::size_t FailingDisk::shares() const {
  return (has_snapshot_ ? 2 : 1) * mostStacks() + kOtherShares;
}

// The scratch is cut into equal shares: the first for the populated disk, two for each stack (with
// copies: one), one for the log of writes, and the last for the full pool.
sys::SectorRange FailingDisk::share(std::size_t number) const {
  const std::uint64_t sectors = scratch_.length / shares() / kSnapshotChunkSectors;
  const std::uint64_t length = sectors * kSnapshotChunkSectors;
  return {scratch_.start + number * length, length};
}

sys::MappedDevice FailingDisk::scratch(const std::string& role, std::size_t number) const {
  const sys::SectorRange room = share(number);
  return {deviceName(role),
          {{{0, room.length}, "linear", scratchDevice() + ' ' + std::to_string(room.start)}}};
}

sys::DeviceTable FailingDisk::freshTable(const std::string& origin,
                                         const sys::MappedDevice& scratch) const {
  if (!has_snapshot_) return sys::linearTable(sectors_, scratch.number());
  // "N": not persistent, so nothing has to be cleared on the RAM disk.
  const std::string parameters =
      origin + ' ' + scratch.number() + " N " + std::to_string(kSnapshotChunkSectors);
  return {{{0, sectors_}, "snapshot", parameters}};
}

void FailingDisk::refresh(const sys::MappedDevice& copy) const {
  if (image_) image_->writeTo(copy.node());
}

void FailingDisk::populate(const std::function<void(const std::string& node)>& write) {
  populated_scratch_.emplace(scratch("populated-scratch", 0));
  sys::MappedDevice disk(deviceName("populated"), freshTable(origin(), *populated_scratch_));
  if (!has_snapshot_) image_.emplace(disk_.device);
  refresh(disk);
  write(disk.node());
  disk.waitUntilUnused();
  forgetDevice(filesystem(), disk.node());
  sys::dropCache(disk.node());
  if (!has_snapshot_) image_.emplace(disk.node());
  populated_.emplace(std::move(disk));
}

FailingDisk::Stack FailingDisk::makeStack() {
  const std::string number = std::to_string(stacks_.size());
  const std::size_t first = (has_snapshot_ ? 2 : 1) * stacks_.size() + 1;
  std::vector<sys::MappedDevice> scratches;
  scratches.push_back(scratch("scratch" + number + 'a', first));
  if (has_snapshot_) scratches.push_back(scratch("scratch" + number + 'b', first + 1));
  sys::MappedDevice snapshot(deviceName("snapshot" + number),
                             freshTable(origin(), scratches.front()));
  if (!has_snapshot_ && !image_) image_.emplace(disk_.device);
  refresh(snapshot);
  sys::MappedDevice held(deviceName("held" + number),
                         sys::linearTable(sectors_, snapshot.number()));
  std::optional<sys::MappedDevice> blocks;
  if (has_switch_) {
    blocks.emplace(deviceName("blocks" + number));
    loadSwitch(*blocks, kBlockSectors, snapshot, held);
  }
  Stack stack{std::move(scratches),
              std::move(snapshot),
              std::move(held),
              std::move(blocks),
              sys::MappedDevice(deviceName("subject" + number)),
              0,
              {},
              false};
  makeGood(stack);
  return stack;
}

void FailingDisk::loadSwitch(sys::MappedDevice& device, std::uint64_t region_sectors,
                             const sys::MappedDevice& good, const sys::MappedDevice& last) const {
  std::vector<std::string> devices = {good.number()};
  for (const Front& front : fronts_) devices.push_back(front.device.number());
  devices.push_back(last.number());
  device.load(sys::switchTable(sectors_, region_sectors, devices));
  device.message(sys::switchMessage({{0, sectors_}}, region_sectors, kGood));
}

void FailingDisk::makeGood(Stack& stack) const {
  if (stack.blocks) {
    loadSwitch(stack.subject, kRegionSectors, stack.snapshot, *stack.blocks);
  } else {
    stack.subject.load(sys::linearTable(sectors_, stack.snapshot.number()));
  }
}

FailingDisk::Stack& FailingDisk::nextStack() {
  Stack* waiting = nullptr;
  for (Stack& stack : stacks_) {
    if (stack.stuck) continue;
    if (!stack.forgetting.valid() ||
        stack.forgetting.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      return stack;
    }
    if (waiting == nullptr) waiting = &stack;
  }
  if (stacks_.size() < mostStacks()) return stacks_.emplace_back(makeStack());
  if (waiting == nullptr) throw sys::SetupError("disk", "stacks are all still in use", EBUSY);
  return *waiting;
}

void FailingDisk::renew() {
  stack_ = &nextStack();
  if (stack_->forgetting.valid()) stack_->forgetting.get();
}

void FailingDisk::discard() {
  if (stack_ == nullptr) return;
  stack_->stuck = true;
  heal();
  if (!moved_.empty()) releaseSectors();
  Stack& stack = *std::exchange(stack_, nullptr);
  stack.subject.waitUntilUnused();
  stack.stuck = false;
  const std::string status = has_snapshot_ ? stack.snapshot.status() : "";
  const auto forget = [this, &stack] {
    forgetDevice(filesystem(), stack.subject.node());
    if (has_snapshot_) {
      stack.current = 1 - stack.current;
      stack.snapshot.load(freshTable(origin(), stack.scratch[stack.current]));
    } else {
      refresh(stack.snapshot);
    }
    sys::dropCache(stack.subject.node());
  };
  stack.forgetting = std::async(std::launch::async, forget);
  // A snapshot that has run out of room fails all further I/O, like a broken disk.
  if (has_snapshot_ && status.find('/') == std::string::npos) {
    throw sys::SetupError("disk", "had no room for all writes of the case: " + status, ENOSPC);
  }
}

void FailingDisk::finish() {
  for (Stack& stack : stacks_) {
    if (stack.forgetting.valid()) stack.forgetting.get();
  }
}

std::string FailingDisk::replace(const sys::SectorRange& place, std::string_view bytes) {
  std::string before = sys::readBlocks(nodeBelow(), place);
  sys::writeBlocks(nodeBelow(), place, bytes);
  return before;
}

std::uint64_t FailingDisk::writes() const {
  return sys::BlockCounters(stack_->subject.number()).read().writes;
}

}  // namespace conformance
