// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/mounts_beside.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <utility>

#include "conformance/quirks.h"
#include "sys/setup_error.h"

namespace conformance {

MountsBeside::MountPlan MountsBeside::planOverlay(const std::string& options,
                                                  const std::string& bare) {
  const std::string target = layers_.freshDirectory();
  return {{"overlay", target, "overlay", options}, View(target, bare)};
}

MountsBeside::MountPlan MountsBeside::planAnother() {
  if (subject_.root() != upper_.root()) {
    const Layers layers = layers_.fresh();
    return planOverlay(layers.options, layers.upper);
  }
  const std::string target = layers_.freshDirectory();
  return {{filesystem_.source, target, filesystem_.type, ""},
          View(target + "/upper", upper_.root())};
}

const View& MountsBeside::add(sys::Mount mount, const View& view) {
  return mounts_.emplace_back(Mounted{std::move(mount), view}).view;
}

const View& MountsBeside::mount(const MountPlan& plan) {
  return add(sys::Mount(plan.request), plan.view);
}

sys::Result MountsBeside::attempt(const MountPlan& plan) {
  std::optional<sys::Mount> mounted;
  const sys::Result result = sys::Mount::attempt(plan.request, mounted);
  if (mounted) add(std::move(*mounted), plan.view);
  return result;
}

const View& MountsBeside::another() {
  return mount(planAnother());
}

sys::Result MountsBeside::mountAnother() {
  return attempt(planAnother());
}

sys::Result MountsBeside::mountOverlay(const std::string& options, const LayerPlaces& places) {
  const Layers layers = layers_.fresh(places);
  return attempt(planOverlay(layers.options + ',' + options, layers.upper));
}

sys::Result MountsBeside::mountLayers(const std::string& options, unsigned long flags) {
  MountPlan plan = planOverlay(options, upper_.root());
  plan.request.flags = flags;
  return attempt(plan);
}

const View& MountsBeside::overlayWithoutUpper(const View& lower) {
  return mount(planOverlay("lowerdir=" + lower.root() + ':' + layers_.lower(), upper_.root()));
}

const View& MountsBeside::overlayOnTmpfs(const View& lower) {
  const std::string upper = layers_.freshDirectory();
  const std::string work = layers_.freshDirectory();
  return mount(planOverlay(overlayOptions(lower.root(), upper, work), upper));
}

std::string MountsBeside::idmappedBase(const sys::UserNamespace& users) {
  std::string target = layers_.freshDirectory();
  add(sys::idmappedMount(layers_.base(), target, users), View(target + "/upper", upper_.root()));
  return target;
}

const View& MountsBeside::idmappedMount(const sys::UserNamespace& users) {
  if (subject_.root() == upper_.root()) {
    idmappedBase(users);
    return latest();
  }
  const std::string target = layers_.freshDirectory();
  try {
    return add(sys::idmappedMount(subject_.root(), target, users), View(target, upper_.root()));
  } catch (const sys::SetupError& error) {
    if (error.error() != EINVAL) throw;
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_idmapped_overlay);
  }
}

Layers MountsBeside::layersInMemory(const std::string& filesystem) {
  const std::string directory = layers_.freshDirectory();
  mount({{filesystem, directory, filesystem, ""}, View(directory, directory)});
  return layers_.freshIn(directory);
}

MountsBeside::Mounts::iterator MountsBeside::find(const View& view) {
  const auto found = std::ranges::find_if(
      mounts_, [&](const Mounted& mounted) { return mounted.view.root() == view.root(); });
  if (found == mounts_.end()) throw sys::SetupError("find the mount on", view.root(), ENOENT);
  return found;
}

sys::Mount MountsBeside::take(Mounts::iterator which) {
  sys::Mount mount = std::move(which->mount);
  mounts_.erase(which);
  return mount;
}

const View& MountsBeside::latest() const {
  if (mounts_.empty()) throw sys::SetupError("mount beside", "there is none", 0);
  return mounts_.back().view;
}

void MountsBeside::unmountLatest() {
  unmount(latest());
}

void MountsBeside::unmount(const View& view) {
  take(find(view)).unmount();
}

void MountsBeside::detach(const View& view) {
  take(find(view)).detach();
}

sys::Result MountsBeside::remountReadOnly(const View& view) {
  return find(view)->mount.remountReadOnly();
}

sys::Result MountsBeside::remountWritable(const View& view) {
  return find(view)->mount.remountWritable();
}

void MountsBeside::unmountAll() {
  while (!mounts_.empty()) unmountLatest();
}

}  // namespace conformance
