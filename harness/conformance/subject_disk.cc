// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/subject_disk.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <utility>

#include "conformance/filesystem_actions.h"
#include "conformance/quirks.h"
#include "conformance/skip.h"
#include "conformance/workspace.h"
#include "sys/device_blocks.h"
#include "sys/extents.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::kBlockBytes;  // of every filesystem, as mkfs is told

void giveBack(FailingDisk* disk) {
  try {
    disk->discard();
  } catch (const sys::SetupError& error) {
    std::cerr << error.what() << '\n';
  }
}

}  // namespace

SubjectDisk::SubjectDisk(FailingDisk& disk, FaultLog& log, const View& upper)
    : disk_(disk), discarded_(&disk, giveBack), log_(log), upper_(upper), faults_{disk, log} {
  disk_.renew();
}

std::uint64_t SubjectDisk::writesDuring(const std::function<void()>& call) const {
  const std::uint64_t before = writes();
  call();
  return writes() - before;
}

Fault SubjectDisk::breakData(const std::vector<std::string>& names, FaultKind kind) {
  std::vector<std::string> bare_paths;
  for (const std::string& name : names) bare_paths.push_back(upper_.path(name));
  return breakDataOf(bare_paths, kind);
}

std::vector<sys::SectorRange> SubjectDisk::breakableSectors(const std::string& bare_path,
                                                            std::uint64_t unit_sectors) const {
  const sys::File file(bare_path, O_RDONLY);
  std::vector<sys::SectorRange> sectors =
      sys::wholeRegions(dataSectors(filesystem(), file, bare_path), unit_sectors);
  if (sectors.empty()) {
    throw sys::SetupError("fault", "on " + bare_path + ": the file is too fragmented", 0);
  }
  return sectors;
}

Fault SubjectDisk::breakDataOf(const std::vector<std::string>& bare_paths, FaultKind kind,
                               std::uint64_t unit_sectors) {
  const std::string why_not = FailingDisk::whyNot(kind);
  if (!why_not.empty()) skip(why_not);
  std::vector<sys::SectorRange> sectors;
  std::vector<sys::File> written;
  for (const std::string& path : bare_paths) {
    const std::vector<sys::SectorRange> more = breakableSectors(path, unit_sectors);
    sectors.insert(sectors.end(), more.begin(), more.end());
    if (auto waiter = errorWaiter(filesystem(), path)) written.push_back(std::move(*waiter));
  }
  Fault fault(faults_, sys::normalized(std::move(sectors)), kind,
              dataInWords(filesystem(), bare_paths.back()), std::move(written));
  data_has_failed_ = true;
  return fault;
}

Fault SubjectDisk::breakFile(const std::string& bare_path, FaultKind kind) {
  Fault fault = breakDataOf({bare_path}, kind);
  fault.lasts(sys::File(bare_path, O_RDONLY));
  return fault;
}

Fault SubjectDisk::breakBlocks(const std::string& bare_path) {
  return breakDataOf({bare_path}, FaultKind::error, kBlockSectors);
}

Fault SubjectDisk::breakSectors(const sys::SectorRange& sectors, const std::string& what) {
  Fault fault(faults_, {sectors}, FaultKind::error, what, {});
  more_has_failed_ = true;
  return fault;
}

Fault SubjectDisk::breakMetadata() {
  const std::vector<sys::SectorRange> data = breakableSectors(upper_.path("data"));
  Fault fault(faults_, sys::allBut(data, disk_.wholeDisk().length), FaultKind::error,
              "all metadata", {});
  more_has_failed_ = true;
  return fault;
}

FailingDisk& SubjectDisk::damaged(const std::string& what) {
  log_.note(what);
  more_has_failed_ = true;
  return disk_;
}

void SubjectDisk::dirtyBlockDevice(const std::string& name) {
  ::sync();  // leaves ext4's journal nothing to do: it would abort over the device's error
  const sys::File device(disk_.node(), O_RDWR);
  const auto place =
      static_cast<off_t>(breakableSectors(upper_.path(name)).front().start * sys::kSectorBytes);
  sys::require(device.pwrite(sys::freshBytes(kBlockBytes), place), "write", disk_.node());
  more_has_failed_ = true;  // it will look as if metadata had been lost
}

void SubjectDisk::meetAnError() {
  const std::string device = std::filesystem::path(node()).filename();
  const std::string trigger = "/sys/fs/" + filesystem().module + '/' + device + '/' +
                              filesystem().error_trigger.value().file;
  if (!disk_.isDisarmed()) {
    const sys::File file(trigger, O_WRONLY);
    sys::require(::write(file.descriptor(), "1", 1), "write", trigger);
  }
  // Before 6.13, syncfs of ext4 reports the error only as long as a transaction is left. This waits
  // until there is none, or it would be chance.
  ::sync();
  damaged(node() + " meets an error");
  if (upper_.tryOpen("stopped", O_WRONLY | O_CREAT).ok()) {
    throw sys::SetupError("meet an error", node() + " still works", 0);
  }
}

void SubjectDisk::shutDown() {
  const sys::File probe = upper_.open("other");
  if (!disk_.isDisarmed()) {
    const sys::Result result = sys::shutDown(probe);
    if (result == sys::Result::failure(ENOTTY)) {
      skipFor(filesystem().quirks, filesystems::quirk::no_shutdown);
    }
    sys::require(result, "shut down", disk_.node());
  }
  more_has_failed_ = true;
  log_.note(disk_.node() + " is shut down");
  if (probe.pwrite(sys::freshBytes(kBlockBytes), 0).ok() && probe.fsync().ok()) {
    throw sys::SetupError("shut down", disk_.node() + " still works", 0);
  }
}

void SubjectDisk::loseWriteback(const std::string& dirty_path, const std::string& bare_path,
                                FaultKind kind) {
  const sys::File dirty(dirty_path, O_RDWR);  // copies the file up, if it is not in the upper yet
  Fault fault = breakDataOf({bare_path}, kind);
  sys::require(dirty.pwrite(sys::freshBytes(kDataBytes), 0), "write under the fault to",
               dirty_path);
  const sys::File bare(bare_path, O_RDWR);
  sys::Result lost = bare.fsync();
  log_.note("writeback of " + bare_path + (lost.ok() ? " has NOT failed" : " has failed"));
  fault.heal();
  if (filesystem().error_record == filesystems::ErrorRecord::ordered_extents) {
    // The error may not have been recorded yet, or only one of two: each part of the data fails by
    // itself.
    sys::Result again = bare.fsync();
    for (int tries = 0; lost.ok() && again.ok() && !disk_.isDisarmed() && tries < 100; ++tries) {
      ::usleep(10'000);
      again = bare.fsync();
    }
    if (lost.ok()) lost = again;
  }
  const int error = errnoOf(kind);
  const bool may_be_another =
      hasQuirk(filesystem(), filesystems::quirk::other_errno) && lost == sys::Result::failure(EIO);
  if (lost != sys::Result::failure(error) && !may_be_another) {
    throw sys::SetupError("fault", "fsync of " + bare_path + " gave the wrong result",
                          lost.error());
  }
}

sys::Result SubjectDisk::loseWritebackBy(const std::function<sys::Result()>& call,
                                         const std::string& dirty_path,
                                         const std::string& bare_path, FaultKind kind) {
  const sys::File dirty(dirty_path, O_RDWR);
  Fault fault = breakDataOf({bare_path}, kind);
  sys::require(dirty.pwrite(sys::freshBytes(kDataBytes), 0), "write under the fault to",
               dirty_path);
  const sys::Result result = call();
  fault.heal();
  sys::takeMappingErrors(sys::File(bare_path, O_RDONLY));
  return result;
}

void SubjectDisk::mustWork() const {
  if (!data_has_failed_ || more_has_failed_) return;
  const std::string path = upper_.path("other");
  const sys::File other(path, O_RDWR);
  (void)other.fsync();  // consumes its own error, if the case has left that unseen
  sys::require(other.pwrite(sys::freshBytes(kBlockBytes), 0), "write after the fault to", path);
  sys::require(other.fsync(), "fsync after the fault of", path);
}

void SubjectDisk::mustHaveFailed() const {
  if (faults_.unhealed) throw sys::SetupError(*faults_.unhealed);
}

}  // namespace conformance
