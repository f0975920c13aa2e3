// SPDX-License-Identifier: GPL-2.0
#include "conformance/subject.h"

#include <sys/mount.h>

#include <cerrno>
#include <iostream>
#include <utility>

#include "sys/btrfs.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Folders of the workspace to mount on.
constexpr std::size_t kBaseMount = 0;
constexpr std::size_t kOverlayMount = 1;
constexpr std::size_t kFirstExtraMount = 2;

constexpr std::size_t kBlockBytes = 4096;  // of all three filesystems

std::string mountOptions(const std::string& filesystem) {
  // No thread that goes on formatting the disk while it is being broken.
  return filesystem == "ext4" ? "noinit_itable" : "";
}

std::string overlayOptions(const std::string& lower, const std::string& upper,
                           const std::string& work, const std::string& more) {
  std::string options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
  if (!more.empty()) options += ',' + more;
  return options;
}

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

void skip(const std::string& reason) {
  throw Skipped{reason};
}

Fault::Fault(Subject& subject, std::string bare_path, std::uint64_t failed_before)
    : subject_(&subject), bare_path_(std::move(bare_path)), failed_before_(failed_before) {}

Fault::Fault(Fault&& other) noexcept
    : subject_(std::exchange(other.subject_, nullptr)),
      bare_path_(std::move(other.bare_path_)),
      failed_before_(other.failed_before_) {}

Fault::~Fault() {
  if (subject_ == nullptr) return;
  Subject& subject = *subject_;
  try {
    heal();
  } catch (const sys::SetupError& error) {
    subject.unhealed_ = error;
  }
}

std::uint64_t Fault::failedWrites() const {
  return subject_->disk_.failedWrites() - failed_before_;
}

void Fault::heal() {
  Subject& subject = *std::exchange(subject_, nullptr);
  subject.disk_.heal();
  if (subject.filesystem() == "btrfs") sys::waitForOrderedExtents(bare_path_, kDataBytes);
  const std::uint64_t failed = subject.disk_.failedWrites() - failed_before_;
  subject.log_.note("healed, after " + std::to_string(failed) + " failed writes");
  if (failed == 0) throw sys::SetupError("fault", "on " + subject.disk_.node() + " never hit", 0);
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
    sys::Mount mount({node, base, disk.filesystem(), mountOptions(disk.filesystem())});
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
      discard_(disk),
      base_path_(base),
      upper_(base + "/upper", base + "/upper") {
  disk_.renew();
  base_.emplace(
      sys::MountRequest{disk_.node(), base, disk_.filesystem(), mountOptions(disk_.filesystem())});
  if (!isOverlay()) return;
  std::string more = options;
  if (kind_ == SubjectKind::volatile_overlay) more += more.empty() ? "volatile" : ",volatile";
  overlay_.emplace(sys::MountRequest{
      "overlay", root(), "overlay",
      overlayOptions(workspace_.lower(), upper_.root(), base_path_ + "/work", more)});
}

void Subject::loseWriteback(const std::string& name) {
  loseWritebackThrough(*this, name);
}

void Subject::loseWritebackThrough(const View& view, const std::string& name) {
  loseWritebackOf(view.path(name), view.barePath(name));
}

void Subject::loseWritebackElsewhere() {
  const std::string path = base_path_ + "/elsewhere";
  writeData(path);
  loseWritebackOf(path, path);
}

void Subject::loseWritebackAndSeeIt() {
  loseWriteback();
  const sys::Result seen = upper_.open("data").syncfs();
  if (seen != sys::Result::failure(EIO)) {
    throw sys::SetupError("syncfs on the bare filesystem", "has not reported the error",
                          seen.error());
  }
}

Fault Subject::breakData(const std::string& name) {
  return breakDataOf(barePath(name));
}

Fault Subject::breakDataOf(const std::string& bare_path) {
  const sys::File file(bare_path, O_RDWR);
  // What is written later goes to the same place; on btrfs to any place for data.
  const bool in_place = disk_.filesystem() != "btrfs";
  // Whole regions only, in which there is nothing but data.
  const std::vector<sys::SectorRange> sectors = sys::wholeRegions(
      in_place ? sys::fileSectors(file, bare_path) : sys::btrfsDataSectors(file, bare_path),
      sys::kSwitchRegionSectors);
  if (sectors.empty()) throw sys::SetupError("fault", bare_path + " lies in small pieces", 0);
  Fault fault(*this, bare_path, disk_.failedWrites());
  disk_.breakSectors(sectors);
  has_failed_ = true;
  std::string where = in_place ? "of the data of " + bare_path : "of all data of the filesystem";
  log_.note(std::to_string(sys::totalSectors(sectors)) + " sectors from " +
            std::to_string(sectors.front().start) + " of " + disk_.node() + " fail, those " +
            where);
  return fault;
}

void Subject::loseWritebackOf(const std::string& dirty_path, const std::string& bare_path) {
  const sys::File dirty(dirty_path, O_RDWR);  // copies the file up, if it is not in the upper yet
  Fault fault = breakDataOf(bare_path);
  mustSucceed(dirty.pwrite(sys::freshBytes(kDataBytes), 0), "write under the fault to", dirty_path);
  const sys::Result lost = sys::File(bare_path, O_RDWR).fsync();
  log_.note("writeback of " + bare_path + (lost.ok() ? " has NOT failed" : " has failed"));
  fault.heal();
  if (lost != sys::Result::failure(EIO)) {
    throw sys::SetupError("fault", "fsync of " + bare_path + " had to fail with EIO", lost.error());
  }
}

void Subject::mustStillWork() {
  const std::string path = upper_.path("other");
  const sys::File other(path, O_RDWR);
  mustSucceed(other.pwrite(sys::freshBytes(kBlockBytes), 0), "write after the fault to", path);
  mustSucceed(other.fsync(), "fsync after the fault of", path);
}

Subject::Layers Subject::freshLayers() {
  const std::string suffix = std::to_string(extra_mounts_.size() + 2);
  const std::string upper = base_path_ + "/upper" + suffix;
  const std::string work = base_path_ + "/work" + suffix;
  populateUpper(upper);
  makeDirectory(work);
  return {upper, overlayOptions(workspace_.lower(), upper, work, "")};
}

std::string Subject::nextMountPoint() {
  return workspace_.mountPoint(kFirstExtraMount + extra_mounts_.size());
}

Subject::ExtraMount Subject::anotherMount() {
  const std::string target = nextMountPoint();
  if (!isOverlay()) {
    return {{disk_.node(), target, disk_.filesystem(), ""}, View(target + "/upper", upper_.root())};
  }
  const Layers layers = freshLayers();
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
  const std::string target = nextMountPoint();
  const std::string options = "lowerdir=" + upper_.root() + ':' + workspace_.lower();
  return mount({{"overlay", target, "overlay", options}, View(target, upper_.root())});
}

sys::Result Subject::mountAnother() {
  return attempt(anotherMount());
}

sys::Result Subject::mountVolatile() {
  const std::string target = nextMountPoint();
  const Layers layers = freshLayers();
  return attempt(
      {{"overlay", target, "overlay", layers.options + ",volatile"}, View(target, layers.upper)});
}

sys::Result Subject::remountReadOnly() {
  if (isOverlay()) return overlay_->remountReadOnly();
  const sys::Result result = base_->remountReadOnly();
  base_is_read_only_ = result.ok();
  return result;
}

void Subject::tearDown() {
  while (!extra_mounts_.empty()) {
    sys::Mount mount = std::move(extra_mounts_.back());
    extra_mounts_.pop_back();
    mount.unmount();
  }
  if (overlay_) overlay_->unmount();
  if (has_failed_ && !base_is_read_only_) mustStillWork();
  base_->unmount();
  disk_.discard();
  if (unhealed_) throw sys::SetupError(*unhealed_);
}

}  // namespace conformance
