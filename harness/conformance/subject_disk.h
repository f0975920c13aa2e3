// SPDX-License-Identifier: GPL-2.0-only
// SubjectDisk: the disk of one case, the faults on it, and what the filesystem has to survive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/failing_disk.h"
#include "conformance/fault.h"
#include "conformance/fault_log.h"
#include "conformance/held_disk.h"
#include "conformance/view.h"

namespace conformance {

class SubjectDisk {
 public:
  // The disk as populate() left it. upper: the upper directory on the bare filesystem, once that is
  // mounted. Throws SetupError.
  SubjectDisk(FailingDisk& disk, FaultLog& log, const View& upper);
  SubjectDisk(const SubjectDisk&) = delete;
  SubjectDisk& operator=(const SubjectDisk&) = delete;
  ~SubjectDisk() = default;

  const filesystems::Filesystem& filesystem() const { return disk_.filesystem(); }
  std::string node() const { return disk_.node(); }  // what is mounted
  // What it is on: reads what has reached the disk, whatever the filesystem has cached.
  std::string nodeBelow() const { return disk_.nodeBelow(); }
  const std::string& readOnlyDevice() const { return disk_.readOnlyDevice(); }
  // Writes to the disk that have completed so far, successful or not.
  std::uint64_t writes() const { return disk_.writes(); }
  // How many of them complete while the call is made.
  std::uint64_t writesDuring(const std::function<void()>& call) const;

  // From now on the data of these files of the upper directory cannot be written. Throws
  // SetupError, and Skipped if the disk cannot be made to fail in this way.
  [[nodiscard]] Fault breakData(const std::vector<std::string>& names,
                                FaultKind kind = FaultKind::error);
  // The same for one file of any layers. The fault may never be hit: the caller has to notice.
  [[nodiscard]] Fault breakFile(const std::string& bare_path, FaultKind kind);
  // As breakData(), for one file of any size on the bare filesystem: all of its whole blocks.
  [[nodiscard]] Fault breakBlocks(const std::string& bare_path);
  // See FailingDisk; the disk must have been broken in that way once.
  void timeOutAfter(std::chrono::milliseconds delay) { disk_.timeOutAfter(delay); }
  // From now on nothing can be read from the disk or written to it. How the filesystem reacts, also
  // after the fault is healed, is not checked.
  [[nodiscard]] Fault breakAll() { return breakSectors(disk_.wholeDisk(), "the whole disk"); }
  // Loses dirty data of a file in writeback, so that the filesystem records an error that nobody
  // has seen: dirties the file through dirty_path while its sectors fail, lets fsync on bare_path
  // get the error (which moves no cursor of syncfs), heals, and verifies that the fault was hit.
  // Throws as breakData().
  void loseWriteback(const std::string& dirty_path, const std::string& bare_path, FaultKind kind);
  // The same, but a call of the caller's starts the writeback and gets the error, or not; returns
  // what it returned.
  [[nodiscard]] sys::Result loseWritebackBy(const std::function<sys::Result()>& call,
                                            const std::string& dirty_path,
                                            const std::string& bare_path, FaultKind kind);
  // From now on these sectors fail. How the filesystem reacts, also after the fault is healed, is
  // not checked. what: for the log. Throws SetupError.
  [[nodiscard]] Fault breakSectors(const sys::SectorRange& sectors, const std::string& what);
  // The same for everything but data, on a filesystem that keeps data apart (DataPlace::any_chunk).
  [[nodiscard]] Fault breakMetadata();
  // Requests of the filesystem wait from now on. Throws SetupError.
  [[nodiscard]] HeldDisk hold(Held held = Held::everything) { return HeldDisk(disk_, held); }
  // The disk itself, to do the filesystem a damage of which no request tells. How the filesystem
  // reacts is not checked.
  FailingDisk& damaged(const std::string& what);
  // Dirties a page of the block device that holds data of this file, behind the filesystem. Throws
  // SetupError.
  void dirtyBlockDevice(const std::string& name);
  // Makes the filesystem meet an error (Traits::stops). Throws SetupError, also if it does not
  // stop.
  void meetAnError();
  // Shuts the filesystem down, after which nothing works in it. Throws Skipped if it cannot be shut
  // down.
  void shutDown();

  // Throws SetupError when the mounted filesystem no longer works after faults that hit data only.
  void mustWork() const;
  // Discards what was written; nothing may be mounted. Throws SetupError when something is still in
  // use.
  void discard() { disk_.discard(); }
  // Discards it, for a caller that works with the disk itself from then on.
  FailingDisk& handOver() {
    discard();
    return disk_;
  }
  // Throws SetupError when a fault that the case did not heal itself never hit.
  void mustHaveFailed() const;

 private:
  // Whole units of the disk in which there is nothing but data, that of this file among it.
  std::vector<sys::SectorRange> breakableSectors(const std::string& bare_path,
                                                 std::uint64_t unit_sectors = kRegionSectors) const;
  Fault breakDataOf(const std::vector<std::string>& bare_paths, FaultKind kind,
                    std::uint64_t unit_sectors = kRegionSectors);

  FailingDisk& disk_;
  // Discards what was written for the next case, also when a constructor throws.
  std::unique_ptr<FailingDisk, void (*)(FailingDisk*)> discarded_;
  FaultLog& log_;
  View upper_;
  FaultSite faults_;
  bool data_has_failed_ = false;  // the filesystem must then work after the case,
  bool more_has_failed_ = false;  // or need not
};

}  // namespace conformance
