// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/failing_disk.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <utility>

#include "conformance/filesystem_actions.h"
#include "conformance/kernel_probe.h"
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

std::size_t mostStacks(const sys::SectorRange& scratch) {
  const std::uint64_t shares = scratch.length / kLeastShareSectors;
  return std::clamp<std::size_t>(shares < 3 ? 0 : (shares - 3) / 2, 2, kMostStacks);
}

// The number of shares that the RAM disk is cut into.
std::size_t shares(const sys::SectorRange& scratch) {
  return 2 * mostStacks(scratch) + 3;
}

// Longer than any case: dm-flakey is "up" for the first of its two intervals and "down" after it.
constexpr const char* kAlwaysDown = " 0 0 86400 1 error_writes";

// The devices of a subject, as its switch table numbers them.
constexpr unsigned kGood = 0;
constexpr unsigned kFirstFront = 1;

std::string readAll(const std::string& path, std::size_t bytes) {
  const sys::File file(path, O_RDONLY);
  std::string content(bytes, '\0');
  const long count =
      sys::require(::pread(file.descriptor(), content.data(), bytes, 0), "read", path);
  content.resize(static_cast<std::size_t>(count));
  return content;
}

}  // namespace

std::string FailingDisk::deviceName(const std::string& role) const {
  return "ovl-syncfs-" + std::to_string(::getpid()) + '-' + filesystem().name + '-' + role;
}

FailingDisk::FailingDisk(const Disk& disk, const sys::SectorRange& scratch)
    : disk_(disk),
      scratch_(scratch),
      sectors_(sys::deviceSectors(disk.device)),
      has_switch_(sys::deviceMapperTargets().count("switch") != 0),
      error_(deviceName("error"), {{{0, sectors_}, "error", ""}}) {
  for (const char* role : {"error-front", "flakey-front", "thin-front"}) {
    sys::MappedDevice device(deviceName(role), sys::linearTable(sectors_, error_.number()));
    sys::BlockCounters counters(device.number());
    fronts_.push_back({std::move(device), std::move(counters)});
  }
}

// The RAM disk is cut into equal shares: the first for the populated disk, two for each stack, one
// for the log of writes, and the last for the full pool.
sys::SectorRange FailingDisk::share(std::size_t number) const {
  const std::uint64_t sectors = scratch_.length / shares(scratch_) / kSnapshotChunkSectors;
  const std::uint64_t length = sectors * kSnapshotChunkSectors;
  return {scratch_.start + number * length, length};
}

sys::MappedDevice FailingDisk::scratch(const std::string& role, std::size_t number) const {
  const sys::SectorRange room = share(number);
  return {deviceName(role),
          {{{0, room.length},
            "linear",
            std::string(kScratchDevice) + ' ' + std::to_string(room.start)}}};
}

sys::DeviceTable FailingDisk::snapshotTable(const std::string& origin,
                                            const sys::MappedDevice& scratch) const {
  // "N": not persistent, so nothing has to be cleared on the RAM disk.
  const std::string parameters =
      origin + ' ' + scratch.number() + " N " + std::to_string(kSnapshotChunkSectors);
  return {{{0, sectors_}, "snapshot", parameters}};
}

void FailingDisk::populate(const std::function<void(const std::string& node)>& write) {
  populated_scratch_.emplace(scratch("populated-scratch", 0));
  sys::MappedDevice disk(deviceName("populated"), snapshotTable(origin(), *populated_scratch_));
  write(disk.node());
  disk.waitUntilUnused();
  forgetDevice(filesystem(), disk.node());
  sys::dropCache(disk.node());
  populated_.emplace(std::move(disk));
}

FailingDisk::Stack FailingDisk::makeStack() {
  const std::string number = std::to_string(stacks_.size());
  sys::MappedDevice first = scratch("scratch" + number + 'a', 2 * stacks_.size() + 1);
  sys::MappedDevice second = scratch("scratch" + number + 'b', 2 * stacks_.size() + 2);
  sys::MappedDevice snapshot(deviceName("snapshot" + number), snapshotTable(origin(), first));
  std::vector<std::string> devices = {snapshot.number()};
  for (const Front& front : fronts_) devices.push_back(front.device.number());
  sys::MappedDevice subject(deviceName("subject" + number),
                            has_switch_ ? sys::switchTable(sectors_, devices)
                                        : sys::linearTable(sectors_, snapshot.number()));
  if (has_switch_) subject.message(sys::switchMessage({{0, sectors_}}, kGood));
  return {
      {std::move(first), std::move(second)}, std::move(snapshot), std::move(subject), 0, {}, false};
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
  if (stacks_.size() < mostStacks(scratch_)) return stacks_.emplace_back(makeStack());
  if (waiting == nullptr) throw sys::SetupError("disk", "stacks are all still in use", EBUSY);
  return *waiting;
}

void FailingDisk::renew() {
  stack_ = &nextStack();
  if (stack_->forgetting.valid()) stack_->forgetting.get();
}

void FailingDisk::discard() {
  if (stack_ == nullptr) return;
  heal();
  Stack& stack = *std::exchange(stack_, nullptr);
  stack.stuck = true;
  stack.subject.waitUntilUnused();
  stack.stuck = false;
  // A snapshot that has run out of room fails all further I/O, like a broken disk.
  const std::string status = stack.snapshot.status();
  if (status.find('/') == std::string::npos) {
    throw sys::SetupError("disk", "had no room for all writes of the case: " + status, ENOSPC);
  }
  const auto forget = [this, &stack] {
    forgetDevice(filesystem(), stack.subject.node());
    stack.current = 1 - stack.current;
    stack.snapshot.load(snapshotTable(origin(), stack.scratch[stack.current]));
    sys::dropCache(stack.subject.node());
  };
  stack.forgetting = std::async(std::launch::async, forget);
}

std::vector<sys::LoggedWrite> FailingDisk::logWrites(
    const std::function<void(const std::string& node)>& use) {
  const std::size_t number = shares(scratch_) - 2;
  const sys::MappedDevice room = scratch("log-room", number);
  const std::size_t room_bytes = share(number).length * sys::kSectorBytes;
  {
    // Wipes an older log, which would be mistaken for this one if the target could not write its
    // own.
    const sys::File blank(room.node(), O_RDWR);
    sys::require(blank.pwrite(std::string(sys::kSectorBytes, '\0'), 0), "write", room.node());
    sys::require(blank.fsync(), "fsync", room.node());
  }
  sys::MappedDevice log(
      deviceName("log"),
      {{{0, sectors_}, "log-writes", stack_->subject.number() + ' ' + room.number()}});
  use(log.node());
  log.waitUntilUnused();
  forgetDevice(filesystem(), log.node());
  log.remove();
  sys::dropCache(room.node());
  return sys::parseWriteLog(readAll(room.node(), room_bytes));
}

void FailingDisk::write(std::span<const sys::LoggedWrite> writes) {
  const sys::File disk(node(), O_RDWR);
  (void)disk.fsync();  // consumes an error that an earlier case has left unseen
  for (const sys::LoggedWrite& write : writes) {
    const auto place = static_cast<off_t>(write.sector * sys::kSectorBytes);
    sys::require(disk.pwrite(write.bytes, place), "write", node());
  }
  sys::require(disk.fsync(), "fsync", node());
}

void FailingDisk::finish() {
  for (Stack& stack : stacks_) {
    if (stack.forgetting.valid()) stack.forgetting.get();
  }
}

std::string FailingDisk::whyNot(FaultKind kind) {
  static const std::set<std::string> kTargets = sys::deviceMapperTargets();
  if (kind == FaultKind::error_writes && kTargets.count("flakey") == 0) {
    return "device-mapper has no target 'flakey' (CONFIG_DM_FLAKEY)";
  }
  if (kind == FaultKind::no_space && kTargets.count("thin-pool") == 0) {
    return "device-mapper has no target 'thin-pool' (CONFIG_DM_THIN_PROVISIONING)";
  }
  return "";
}

void FailingDisk::prepare(FaultKind kind) {
  sys::MappedDevice& device = front(kind).device;
  if (kind == FaultKind::error_writes && !flakey_) {
    flakey_.emplace(deviceName("flakey"),
                    sys::DeviceTable{{{0, sectors_}, "flakey", origin() + kAlwaysDown}});
    device.load(sys::linearTable(sectors_, flakey_->number()));
  }
  if (kind == FaultKind::no_space && !full_pool_) {
    full_pool_.emplace(deviceName(""), sectors_, kScratchDevice, share(shares(scratch_) - 1));
    device.load(sys::linearTable(sectors_, full_pool_->number()));
  }
}

void FailingDisk::breakSectors(const std::vector<sys::SectorRange>& sectors, FaultKind kind) {
  if (!broken_.empty()) {
    throw sys::SetupError("fault", "on " + node() + ": another one is active", EBUSY);
  }
  broken_ = sectors;
  if (disarmed_) return;
  prepare(kind);
  if (has_switch_) {
    stack_->subject.message(sys::switchMessage(sectors, kFirstFront + static_cast<unsigned>(kind)));
  } else {
    stack_->subject.load(sys::linearTableWithHoles(sectors_, stack_->snapshot.number(), broken_,
                                                   front(kind).device.number()));
  }
}

void FailingDisk::heal() {
  if (broken_.empty()) return;
  if (disarmed_) {
    // Nothing to restore.
  } else if (has_switch_) {
    stack_->subject.message(sys::switchMessage(broken_, kGood));
  } else {
    stack_->subject.load(sys::linearTable(sectors_, stack_->snapshot.number()));
  }
  broken_.clear();
}

std::uint64_t FailingDisk::writes() const {
  return sys::BlockCounters(stack_->subject.number()).read().writes;
}

sys::BlockStatistics FailingDisk::failures() const {
  sys::BlockStatistics sum;
  for (const Front& front : fronts_) {
    const sys::BlockStatistics failed = front.counters.read();
    sum.reads += failed.reads;
    sum.writes += failed.writes;
  }
  return sum;
}

}  // namespace conformance
