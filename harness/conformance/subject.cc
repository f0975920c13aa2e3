// SPDX-License-Identifier: GPL-2.0
#include "conformance/subject.h"

#include <cerrno>
#include <iostream>
#include <utility>

#include "conformance/peculiarities.h"
#include "sys/device_mapper.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Folders of the workspace to mount on.
constexpr std::size_t kBaseMount = 0;
constexpr std::size_t kOverlayMount = 1;
constexpr std::size_t kFirstExtraMount = 2;

void populateUpper(const std::string& upper) {
  makeDirectory(upper);
  makeDirectory(upper + "/upper-dir");
  makeDirectory(upper + "/merged-dir");
  writeDataFile(upper + "/data");
  writeDataFile(upper + "/other");
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
  base_request_ = {disk_.node(), base, disk_.filesystem(), quietMountOptions(disk_.filesystem())};
  base_.emplace(base_request_);
  if (!isOverlay()) return;
  std::string more = options;
  if (kind_ == SubjectKind::volatile_overlay) more += more.empty() ? "volatile" : ",volatile";
  overlay_request_ = {"overlay", root(), "overlay",
                      ownLayers().options + (more.empty() ? "" : ',' + more)};
  overlay_.emplace(overlay_request_);
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

Subject::Layers Subject::ownLayers() const {
  const std::string work = base_path_ + "/work";
  return {upper_.root(), work, overlayOptions(workspace_.lower(), upper_.root(), work)};
}

Subject::Layers Subject::layersInMemory(const std::string& filesystem) {
  const std::string folder = freshFolder();
  Layers layers{folder + "/upper", folder + "/work",
                overlayOptions(workspace_.lower(), folder + "/upper", folder + "/work")};
  mount({{filesystem, folder, filesystem, ""}, View(folder, folder)});
  populateUpper(layers.upper);
  makeDirectory(layers.work);
  return layers;
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

void Subject::detachLatest() {
  sys::Mount mount = std::move(extra_mounts_.back());
  extra_mounts_.pop_back();
  extra_views_.pop_back();
  mount.detach();
}

void Subject::mountUpperAnew() {
  if (overlay_) overlay_->unmount();
  overlay_.reset();
  base_->unmount();
  base_.emplace(base_request_);
}

PowerCuts& Subject::powerCuts() {
  if (sys::deviceMapperTargets().count("log-writes") == 0) {
    skip("device-mapper has no target 'log-writes' (CONFIG_DM_LOG_WRITES)");
  }
  if (overlay_) overlay_->unmount();
  overlay_.reset();
  base_->unmount();
  base_.reset();
  disk_.discard();
  return power_cuts_.emplace(disk_, base_request_);
}

void Subject::tearDown() {
  while (!extra_mounts_.empty()) unmountLatest();
  if (power_cuts_) power_cuts_->end();
  if (overlay_) overlay_->unmount();
  if (base_) {
    if (data_has_failed_ && !more_has_failed_) mustStillWork();
    base_->unmount();
  }
  disk_.discard();
  if (faults_.unhealed) throw sys::SetupError(*faults_.unhealed);
}

}  // namespace conformance
