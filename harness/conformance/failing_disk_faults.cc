// SPDX-License-Identifier: GPL-2.0-only
// How the sectors of a FailingDisk fail.
#include <cerrno>
#include <chrono>

#include "conformance/failing_disk.h"
#include "conformance/scratch.h"
#include "sys/device_table.h"
#include "sys/setup_error.h"
#include "sys/waiting.h"

namespace conformance {
namespace {

// Longer than any case: dm-flakey is "up" for the first of its two intervals and "down" after it.
constexpr const char* kAlwaysDown = " 0 0 86400 1 error_writes";

}  // namespace

int errnoOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::no_space:
      return ENOSPC;
    case FaultKind::timed_out:
      return ETIMEDOUT;
    default:
      return EIO;
  }
}

std::string FailingDisk::whyNot(FaultKind kind) {
  if (kind == FaultKind::error_writes && !hasTarget("flakey")) {
    return "device-mapper has no target 'flakey' (CONFIG_DM_FLAKEY)";
  }
  if (kind == FaultKind::no_space && !hasTarget("thin-pool")) {
    return "device-mapper has no target 'thin-pool' (CONFIG_DM_THIN_PROVISIONING)";
  }
  return kind == FaultKind::timed_out ? TimingOutDevice::whyNot() : "";
}

void FailingDisk::prepare(FaultKind kind) {
  sys::MappedDevice& device = front(kind).device;
  if (kind == FaultKind::error_writes && !flakey_) {
    flakey_.emplace(deviceName("flakey"),
                    sys::DeviceTable{{{0, sectors_}, "flakey", origin() + kAlwaysDown}});
    device.load(sys::linearTable(sectors_, flakey_->number()));
  }
  if (kind == FaultKind::no_space && !full_pool_) {
    full_pool_.emplace(deviceName(""), sectors_, scratchDevice(), share(shares() - 1));
    device.load(sys::linearTable(sectors_, full_pool_->number()));
  }
  if (kind == FaultKind::timed_out && !timing_out_) {
    timing_out_.emplace(sectors_);
    device.load(sys::linearTable(sectors_, timing_out_->number()));
  }
}

FailingDisk::Unit FailingDisk::unitFor(const std::vector<sys::SectorRange>& sectors,
                                       unsigned device) const {
  const auto isWhole = [&](std::uint64_t region_sectors) {
    return sys::wholeRegions(sectors, region_sectors) == sys::normalized(sectors);
  };
  if (!has_switch_ || !isWhole(kBlockSectors)) return Unit::sector;
  return device != heldNumber() && isWhole(kRegionSectors) ? Unit::region : Unit::block;
}

void FailingDisk::move(const std::vector<sys::SectorRange>& sectors, unsigned device) {
  moved_ = sectors;
  moved_by_ = unitFor(sectors, device);
  Stack& stack = *stack_;
  switch (moved_by_) {
    case Unit::region:
      return stack.subject.message(sys::switchMessage(sectors, kRegionSectors, device));
    case Unit::block:
      stack.blocks.value().message(sys::switchMessage(sectors, kBlockSectors, device));
      return stack.subject.message(sys::switchMessage(sys::touchedRegions(sectors, kRegionSectors),
                                                      kRegionSectors, blocksNumber()));
    case Unit::sector: {
      const sys::MappedDevice& other =
          device == heldNumber() ? stack.held : fronts_[device - kFirstFront].device;
      return stack.subject.load(
          sys::linearTableWithHoles(sectors_, stack.snapshot.number(), sectors, other.number()));
    }
  }
}

void FailingDisk::moveBack() {
  if (moved_.empty()) return;
  Stack& stack = *stack_;
  if (moved_by_ == Unit::sector) {
    makeGood(stack);
  } else {
    stack.subject.message(
        sys::switchMessage(sys::touchedRegions(moved_, kRegionSectors), kRegionSectors, kGood));
  }
  if (moved_by_ == Unit::block) {
    stack.blocks.value().message(sys::switchMessage(moved_, kBlockSectors, kGood));
  }
  moved_.clear();
}

void FailingDisk::breakSectors(const std::vector<sys::SectorRange>& sectors, FaultKind kind) {
  if (is_broken_ || !moved_.empty()) {
    throw sys::SetupError("fault", "on " + node() + ": another one is active", EBUSY);
  }
  is_broken_ = true;
  if (disarmed_) return;
  prepare(kind);
  move(sectors, kFirstFront + static_cast<unsigned>(kind));
}

void FailingDisk::hold(Held held) {
  // Nothing would fail, so everything would wait, and so would the case.
  if (disarmed_ && held == Held::what_works) {
    throw sys::SetupError("hold", "what works of " + node() + ": nothing is broken", 0);
  }
  holder(held).suspend();
}

void FailingDisk::holdSectors(const sys::SectorRange& sectors) {
  if (is_broken_ || !moved_.empty()) {
    throw sys::SetupError("hold", node() + ": a fault is active", EBUSY);
  }
  if (unitFor({sectors}, heldNumber()) == Unit::sector) stack_->held.ignoreFlushes();
  stack_->held.suspend();
  move({sectors}, heldNumber());
}

void FailingDisk::releaseSectors() {
  stack_->held.resume();
  moveBack();
}

void FailingDisk::waitForTimeouts() {
  const auto haveEnded = [&] { return front(FaultKind::timed_out).counters.read().in_flight == 0; };
  sys::waitUntil(haveEnded, std::chrono::seconds(5), "heal",
                 node() + ": a write has not timed out");
}

void FailingDisk::heal() {
  if (!is_broken_) return;
  moveBack();
  is_broken_ = false;
  if (timing_out_) waitForTimeouts();
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
