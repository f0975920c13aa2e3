// SPDX-License-Identifier: GPL-2.0
#include "conformance/subject.h"

#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <utility>

#include "conformance/peculiarities.h"
#include "sys/btrfs.h"
#include "sys/direct_read.h"
#include "sys/extents.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Folders of the workspace to mount on.
constexpr std::size_t kBaseMount = 0;
constexpr std::size_t kOverlayMount = 1;
constexpr std::size_t kFirstExtraMount = 2;

constexpr std::size_t kBlockBytes = 4096;  // of all three filesystems

void mustSucceed(const sys::Result& result, const std::string& call, const std::string& path) {
  if (!result.ok()) throw sys::SetupError(call, path, result.error());
}

void writeData(const std::string& path) {
  const sys::File file(path, O_RDWR | O_CREAT);
  mustSucceed(file.pwrite(sys::freshBytes(kDataBytes), 0), "write", path);
}

void populateUpper(const std::string& upper) {
  makeDirectory(upper);
  makeDirectory(upper + "/upper-dir");
  makeDirectory(upper + "/merged-dir");
  writeData(upper + "/data");
  writeData(upper + "/other");
}

// btrfs ends the writeback of a page before it records the error.
bool recordsErrorsLate(const std::string& filesystem) {
  return filesystem == "btrfs";
}

}  // namespace

std::string_view name(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::plain:
      return "plain";
    case SubjectKind::overlay:
      return "overlay";
    case SubjectKind::volatile_overlay:
      return "volatile";
  }
  return "";
}

std::string overlayOptions(const std::string& lower, const std::string& upper,
                           const std::string& work, const std::string& more) {
  std::string options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
  if (!more.empty()) options += ',' + more;
  return options;
}

void skip(const std::string& reason) {
  throw Skipped{reason};
}

Subject::Discard::~Discard() {
  try {
    disk.discard();
  } catch (const sys::SetupError& error) {
    std::cerr << error.what() << '\n';
  }
}

void Subject::furnish(FailingDisk& disk, Workspace& workspace) {
  const std::string base = workspace.mountPoint(kBaseMount);
  disk.furnish([&](const std::string& node) {
    sys::Mount mount({node, base, disk.filesystem(), quietMountOptions(disk.filesystem())});
    populateUpper(base + "/upper");
    makeDirectory(base + "/work");
    mount.unmount();
  });
}

Subject::Subject(SubjectKind kind, FailingDisk& disk, Workspace& workspace,
                 const std::string& options, FaultLog& log)
    : Subject(kind, disk, workspace, options, log, workspace.mountPoint(kBaseMount)) {}

Subject::Subject(SubjectKind kind, FailingDisk& disk, Workspace& workspace,
                 const std::string& options, FaultLog& log, const std::string& base)
    : View(kind == SubjectKind::plain ? base + "/upper" : workspace.mountPoint(kOverlayMount),
           base + "/upper"),
      kind_(kind),
      disk_(disk),
      workspace_(workspace),
      log_(log),
      faults_{disk, log},
      discard_(disk),
      base_path_(base),
      upper_(base + "/upper", base + "/upper") {
  disk_.renew();
  base_.emplace(sys::MountRequest{disk_.node(), base, disk_.filesystem(),
                                  quietMountOptions(disk_.filesystem())});
  if (!isOverlay()) return;
  std::string more = options;
  if (kind_ == SubjectKind::volatile_overlay) more += more.empty() ? "volatile" : ",volatile";
  overlay_request_ = {"overlay", root(), "overlay", ownLayers() + (more.empty() ? "" : ',' + more)};
  overlay_.emplace(overlay_request_);
}

void Subject::loseWriteback(const std::string& name, FaultKind kind) {
  loseWritebackOf(path(name), barePath(name), kind);
}

void Subject::loseWritebackThrough(const View& view, const std::string& name) {
  loseWritebackOf(view.path(name), view.barePath(name), FaultKind::error);
}

void Subject::loseWritebackElsewhere() {
  const std::string path = base_path_ + "/elsewhere";
  writeData(path);
  loseWritebackOf(path, path, FaultKind::error);
}

void Subject::loseWritebackAndSeeIt() {
  loseWriteback();
  const sys::Result seen = upper_.open("data").syncfs();
  if (seen != sys::Result::failure(EIO)) {
    throw sys::SetupError("syncfs on the bare filesystem", "has not reported the error",
                          seen.error());
  }
}

Fault Subject::breakData(const std::string& name, FaultKind kind) {
  return breakDataOf({barePath(name)}, kind);
}

Fault Subject::breakDataOfAll(const std::vector<std::string>& names) {
  std::vector<std::string> bare_paths;
  for (const std::string& name : names) bare_paths.push_back(barePath(name));
  return breakDataOf(bare_paths, FaultKind::error);
}

std::vector<sys::SectorRange> Subject::breakableSectors(const std::string& bare_path) const {
  const sys::File file(bare_path, O_RDWR);
  // What is written later goes to the same place; on btrfs to any place for data.
  std::vector<sys::SectorRange> sectors =
      sys::wholeRegions(writesInPlace(filesystem()) ? sys::fileSectors(file, bare_path)
                                                    : sys::btrfsDataSectors(file, bare_path),
                        sys::kSwitchRegionSectors);
  if (sectors.empty()) throw sys::SetupError("fault", bare_path + " lies in small pieces", 0);
  return sectors;
}

Fault Subject::breakDataOf(const std::vector<std::string>& bare_paths, FaultKind kind) {
  const std::string why_not = FailingDisk::whyNot(kind);
  if (!why_not.empty()) skip(why_not);
  std::vector<sys::SectorRange> sectors;
  std::vector<sys::File> written;
  std::string what = "all data of the filesystem";
  for (const std::string& path : bare_paths) {
    const std::vector<sys::SectorRange> more = breakableSectors(path);
    sectors.insert(sectors.end(), more.begin(), more.end());
    if (writesInPlace(filesystem())) {
      what = "the data of " + path;
    } else {
      written.push_back(sys::directReader(path));
    }
  }
  Fault fault(faults_, sys::normalized(std::move(sectors)), kind, what, std::move(written));
  data_has_failed_ = true;
  return fault;
}

Fault Subject::breakDisk() {
  Fault fault(faults_, {disk_.wholeDisk()}, FaultKind::error, "the whole disk", {});
  more_has_failed_ = true;
  return fault;
}

void Subject::dirtyBlockDevice(const std::string& name) {
  ::sync();  // leaves ext4's journal nothing to do: it would abort over the device's error
  const sys::File device(disk_.node(), O_RDWR);
  const auto place =
      static_cast<off_t>(breakableSectors(barePath(name)).front().start * sys::kSectorBytes);
  mustSucceed(device.pwrite(sys::freshBytes(kBlockBytes), place), "write", disk_.node());
  more_has_failed_ = true;  // it will look as if metadata had been lost
}

void Subject::shutDown() {
  const sys::File probe = upper_.open("other");
  if (!disk_.isDisarmed()) {
    const sys::Result result = sys::shutDown(probe);
    if (result == sys::Result::failure(ENOTTY)) skip(filesystem() + " cannot be shut down here");
    mustSucceed(result, "shut down", base_path_);
  }
  more_has_failed_ = true;
  log_.note(base_path_ + " is shut down");
  if (probe.pwrite(sys::freshBytes(kBlockBytes), 0).ok() && probe.fsync().ok()) {
    throw sys::SetupError("shut down", base_path_ + " still works", 0);
  }
}

void Subject::loseWritebackOf(const std::string& dirty_path, const std::string& bare_path,
                              FaultKind kind) {
  const sys::File dirty(dirty_path, O_RDWR);  // copies the file up, if it is not in the upper yet
  Fault fault = breakDataOf({bare_path}, kind);
  mustSucceed(dirty.pwrite(sys::freshBytes(kDataBytes), 0), "write under the fault to", dirty_path);
  const sys::File bare(bare_path, O_RDWR);
  sys::Result lost = bare.fsync();
  log_.note("writeback of " + bare_path + (lost.ok() ? " has NOT failed" : " has failed"));
  fault.heal();
  if (recordsErrorsLate(filesystem())) {
    // The error may not have been there yet, or one of two: each part of the data fails by itself.
    const sys::Result again = bare.fsync();
    if (lost.ok()) lost = again;
  }
  const int error = kind == FaultKind::no_space ? ENOSPC : EIO;
  const bool may_be_another =
      !whyNotTheDisksErrno(filesystem()).empty() && lost == sys::Result::failure(EIO);
  if (lost != sys::Result::failure(error) && !may_be_another) {
    throw sys::SetupError("fault", "fsync of " + bare_path + " had to fail otherwise",
                          lost.error());
  }
}

void Subject::mustStillWork() {
  const std::string path = upper_.path("other");
  const sys::File other(path, O_RDWR);
  (void)other.fsync();  // its own loss, if the case has left that unseen
  mustSucceed(other.pwrite(sys::freshBytes(kBlockBytes), 0), "write after the fault to", path);
  mustSucceed(other.fsync(), "fsync after the fault of", path);
}

Subject::Layers Subject::freshLayers(const LayerPlaces& places) {
  const std::string number = std::to_string(++layers_);
  const std::string upper = base_path_ + "/upper" + number;
  populateUpper(upper);
  makeDirectory(base_path_ + "/work" + number);
  const std::string base = places.base.empty() ? base_path_ : places.base;
  const std::string lower = places.lower.empty() ? workspace_.lower() : places.lower;
  return {upper, base_path_ + "/work" + number,
          overlayOptions(lower, base + "/upper" + number, base + "/work" + number)};
}

std::string Subject::ownLayers() const {
  return overlayOptions(workspace_.lower(), upper_.root(), base_path_ + "/work");
}

std::string Subject::freshFolder() {
  return workspace_.mountPoint(kFirstExtraMount + folders_++);
}

Subject::ExtraMount Subject::anotherMount() {
  const std::string target = freshFolder();
  if (!isOverlay()) {
    return {{disk_.node(), target, disk_.filesystem(), ""}, View(target + "/upper", upper_.root())};
  }
  const Layers layers = freshLayers({});
  return {{"overlay", target, "overlay", layers.options}, View(target, layers.upper)};
}

const View& Subject::mount(const ExtraMount& extra) {
  extra_mounts_.emplace_back(extra.request);
  return extra_views_.emplace_back(extra.view);
}

sys::Result Subject::attempt(const ExtraMount& extra) {
  std::optional<sys::Mount> mounted;
  const sys::Result result = sys::Mount::attempt(extra.request, mounted);
  if (mounted) {
    extra_mounts_.push_back(std::move(*mounted));
    extra_views_.push_back(extra.view);
  }
  return result;
}

const View& Subject::another() {
  return mount(anotherMount());
}

const View& Subject::overlayWithoutUpper() {
  const std::string target = freshFolder();
  const std::string options = "lowerdir=" + upper_.root() + ':' + workspace_.lower();
  return mount({{"overlay", target, "overlay", options}, View(target, upper_.root())});
}

sys::Result Subject::mountAnother() {
  return attempt(anotherMount());
}

sys::Result Subject::mountOverlay(const std::string& options, const LayerPlaces& places) {
  const std::string target = freshFolder();
  const Layers layers = freshLayers(places);
  return attempt(
      {{"overlay", target, "overlay", layers.options + ',' + options}, View(target, layers.upper)});
}

sys::Result Subject::mountLayers(const std::string& options) {
  const std::string target = freshFolder();
  return attempt({{"overlay", target, "overlay", options}, View(target, upper_.root())});
}

const View& Subject::overlayOnTmpfs(const View& lower) {
  const std::string upper = freshFolder();
  const std::string work = freshFolder();
  const std::string target = freshFolder();
  return mount({{"overlay", target, "overlay", overlayOptions(lower.root(), upper, work)},
                View(target, upper)});
}

std::string Subject::idmappedBase(const sys::UserNamespace& users) {
  std::string target = freshFolder();
  extra_mounts_.push_back(sys::idmappedMount(base_path_, target, users));
  extra_views_.emplace_back(target + "/upper", upper_.root());
  return target;
}

const View& Subject::idmappedMount(const sys::UserNamespace& users) {
  if (!isOverlay()) {
    idmappedBase(users);
    return extra_views_.back();
  }
  const std::string target = freshFolder();
  try {
    extra_mounts_.push_back(sys::idmappedMount(root(), target, users));
  } catch (const sys::SetupError& error) {
    if (error.error() != EINVAL) throw;
    skip("this kernel makes no idmapped mounts of an overlay");
  }
  return extra_views_.emplace_back(target, upper_.root());
}

void Subject::unmountLatest() {
  sys::Mount mount = std::move(extra_mounts_.back());
  extra_mounts_.pop_back();
  extra_views_.pop_back();
  mount.unmount();
}

void Subject::mountAgain() {
  overlay_->unmount();
  overlay_.emplace(overlay_request_);
}

sys::Result Subject::remountReadOnly() {
  if (isOverlay()) return overlay_->remountReadOnly();
  more_has_failed_ = true;  // nothing can be written to it
  return base_->remountReadOnly();
}

sys::Result Subject::remountWritable() {
  return (isOverlay() ? overlay_ : base_)->remountWritable();
}

sys::Result Subject::remountUpper() {
  return base_->remountWritable();
}

std::uint64_t Subject::writesToTheDisk() const {
  return disk_.writes();
}

void Subject::detachUpper() {
  base_->detach();
  base_.reset();
}

void Subject::detachOverlay() {
  overlay_->detach();
  overlay_.reset();
}

void Subject::tearDown() {
  while (!extra_mounts_.empty()) unmountLatest();
  if (overlay_) overlay_->unmount();
  if (base_) {
    if (data_has_failed_ && !more_has_failed_) mustStillWork();
    base_->unmount();
  }
  disk_.discard();
  if (faults_.unhealed) throw sys::SetupError(*faults_.unhealed);
}

}  // namespace conformance
