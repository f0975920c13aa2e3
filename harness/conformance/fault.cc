// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/fault.h"

#include <exception>
#include <iostream>
#include <utility>

#include "conformance/filesystem_actions.h"
#include "sys/extents.h"
#include "sys/waiting.h"

namespace conformance {
namespace {

std::string counted(std::uint64_t count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace

Fault::Fault(FaultSite& site, const std::vector<sys::SectorRange>& sectors, FaultKind kind,
             const std::string& what, std::vector<sys::File> written)
    : site_(&site), written_(std::move(written)), failed_before_(site.disk.failures()) {
  site.disk.breakSectors(sectors, kind);
  site.log.note(std::to_string(sys::totalSectors(sectors)) + " sectors from " +
                std::to_string(sectors.front().start) + " of " + site.disk.node() + " fail, " +
                what);
}

Fault::Fault(Fault&& other) noexcept
    : site_(std::exchange(other.site_, nullptr)),
      written_(std::move(other.written_)),
      failed_before_(other.failed_before_),
      lasting_(std::move(other.lasting_)) {}

Fault::~Fault() {
  if (site_ == nullptr) return;
  FaultSite& site = *site_;
  try {
    heal();
  } catch (const sys::SetupError& error) {
    site.unhealed = error;
  } catch (const std::exception& error) {
    site.unhealed = sys::SetupError("heal", error.what(), 0);
  }
}

std::uint64_t Fault::failedWrites() const {
  return site_->disk.failures().writes - failed_before_.writes;
}

void Fault::waitUntilHit(std::chrono::seconds limit) const {
  if (site_->disk.isDisarmed()) limit = std::chrono::seconds(0);
  sys::waitUntil([&] { return failedWrites() != 0; }, limit, "fault",
                 "on " + site_->disk.node() + " was not hit in time");
}

sys::BlockStatistics Fault::healDisk() {
  FaultSite& site = *std::exchange(site_, nullptr);
  site.disk.heal();
  for (const sys::File& waiter : written_) waitForErrors(waiter);
  written_.clear();
  const sys::BlockStatistics now = site.disk.failures();
  const sys::BlockStatistics failed{now.reads - failed_before_.reads,
                                    now.writes - failed_before_.writes};
  std::string what = "healed, after " + counted(failed.writes, "failed write");
  if (failed.reads != 0) what += " and " + counted(failed.reads, "failed read");
  site.log.note(what);
  return failed;
}

void Fault::heal() {
  const std::string node = site_->disk.node();
  const bool was_hit = healDisk().writes != 0;
  if (lasting_) {
    sys::takeMappingErrors(*lasting_);
  } else if (!was_hit) {
    throw sys::SetupError("fault", "on " + node + " was never hit", 0);
  }
}

void Fault::healAfterReads() {
  const std::string node = site_->disk.node();
  const sys::BlockStatistics failed = healDisk();
  if (failed.reads == 0) throw sys::SetupError("fault", "on " + node + " was never read", 0);
  if (failed.writes != 0) throw sys::SetupError("fault", "on " + node + " was hit by a write", 0);
}

}  // namespace conformance
