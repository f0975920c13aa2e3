// SPDX-License-Identifier: GPL-2.0
#include "conformance/failing_disk.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "conformance/kernel_probe.h"
#include "sys/block_statistics.h"
#include "sys/btrfs.h"
#include "sys/device_table.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// 16 KiB. A write of less copies the rest; but XFS clears 2 MiB of its log with every mount, and
// each chunk of that costs.
constexpr int kSnapshotChunkSectors = 32;

// So many cases may have left a stack that has not forgotten yet, before the next one waits.
constexpr std::size_t kMaxStacks = 8;

// The devices of a subject, in the order in which a switch knows them.
constexpr unsigned kGood = 0;
constexpr unsigned kBroken = 1;

}  // namespace

std::string FailingDisk::deviceName(const std::string& role) const {
  return "ovl-syncfs-" + std::to_string(::getpid()) + '-' + disk_.filesystem + '-' + role;
}

FailingDisk::FailingDisk(const Disk& disk)
    : disk_(disk),
      sectors_(sys::deviceSectors(disk.device)),
      has_switch_(sys::deviceMapperTargets().count("switch") != 0),
      error_(deviceName("error"), {{{0, sectors_}, "error", ""}}),
      faulty_(deviceName("faulty"), sys::linearTable(sectors_, error_.number())) {}

sys::DeviceTable FailingDisk::snapshotTable(const sys::MappedDevice& scratch) const {
  // "N": nothing of it outlives the table, and nothing has to be cleared on the RAM disk.
  const std::string parameters =
      disk_.device + ' ' + scratch.number() + " N " + std::to_string(kSnapshotChunkSectors);
  return {{{0, sectors_}, "snapshot", parameters}};
}

FailingDisk::Stack FailingDisk::makeStack() {
  const std::string number = std::to_string(stacks_.size());
  const std::uint64_t share = sys::deviceSectors(kScratchDevice) / (2 * kMaxStacks);
  const auto scratch = [&](std::size_t which) {
    const std::uint64_t start = (2 * stacks_.size() + which) * share;
    return sys::MappedDevice(
        deviceName("scratch" + number + (which == 0 ? "a" : "b")),
        {{{0, share}, "linear", std::string(kScratchDevice) + ' ' + std::to_string(start)}});
  };
  sys::MappedDevice first = scratch(0);
  sys::MappedDevice second = scratch(1);
  sys::MappedDevice snapshot(deviceName("snapshot" + number), snapshotTable(first));
  sys::MappedDevice subject(deviceName("subject" + number),
                            has_switch_
                                ? sys::switchTable(sectors_, {snapshot.number(), faulty_.number()})
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
  if (stacks_.size() < kMaxStacks) return stacks_.emplace_back(makeStack());
  if (waiting == nullptr) throw sys::SetupError("disk", "every one is stuck in use", EBUSY);
  return *waiting;
}

void FailingDisk::renew() {
  stack_ = &nextStack();
  if (stack_->forgetting.valid()) stack_->forgetting.get();
}

void FailingDisk::discard() {
  if (stack_ == nullptr) return;
  if (broken_) heal();
  Stack& stack = *std::exchange(stack_, nullptr);
  stack.stuck = true;
  stack.subject.waitUntilUnused();
  stack.stuck = false;
  const auto forget = [this, &stack] {
    if (disk_.filesystem == "btrfs") {
      const sys::Result forgotten = sys::forgetBtrfsDevice(stack.subject.node());
      if (!forgotten.ok() && forgotten.error() != ENOENT) {
        throw sys::SetupError("forget", stack.subject.node(), forgotten.error());
      }
    }
    stack.current = 1 - stack.current;
    stack.snapshot.load(snapshotTable(stack.scratch[stack.current]));
    sys::dropCache(stack.subject.node());
  };
  stack.forgetting = std::async(std::launch::async, forget);
}

void FailingDisk::finish() {
  for (Stack& stack : stacks_) {
    if (stack.forgetting.valid()) stack.forgetting.get();
  }
}

void FailingDisk::breakSectors(const std::vector<sys::SectorRange>& sectors) {
  broken_ = true;
  if (has_switch_) {
    stack_->subject.message(sys::switchMessage(sectors, kBroken));
  } else {
    stack_->subject.load(
        sys::linearTableWithHoles(sectors_, stack_->snapshot.number(), sectors, faulty_.number()));
  }
}

void FailingDisk::heal() {
  if (has_switch_) {
    stack_->subject.message(sys::switchMessage({{0, sectors_}}, kGood));
  } else {
    stack_->subject.load(sys::linearTable(sectors_, stack_->snapshot.number()));
  }
  broken_ = false;
}

std::uint64_t FailingDisk::failedWrites() const {
  return sys::blockStatistics(faulty_.number()).writes;
}

}  // namespace conformance
