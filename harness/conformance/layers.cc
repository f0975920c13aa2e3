// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/layers.h"

#include "sys/mounting.h"

namespace conformance {
namespace {

// Directories of the workspace to mount on.
constexpr std::size_t kBaseMount = 0;
constexpr std::size_t kOverlayMount = 1;
constexpr std::size_t kFirstFreeMount = 2;

constexpr const char* kFirstFresh = "2";  // the layers that populate() made

void fill(const Layers& layers) {
  makeDirectory(layers.upper);
  makeDirectory(layers.upper + "/upper-dir");
  makeDirectory(layers.upper + "/merged-dir");
  writeDataFile(layers.upper + "/data");
  writeDataFile(layers.upper + "/other");
  makeDirectory(layers.work);
}

}  // namespace

std::string overlayOptions(const std::string& lower, const std::string& upper,
                           const std::string& work, const std::string& more) {
  std::string options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
  if (!more.empty()) options += ',' + more;
  return options;
}

void LayerDirectories::populate(FailingDisk& disk, Workspace& workspace) {
  LayerDirectories directories(workspace);
  disk.populate([&](const std::string& node) {
    sys::Mount mount(
        {node, directories.base(), disk.filesystem().type, disk.filesystem().mount_options});
    fill(directories.own());
    fill(directories.layersIn(directories.base(), kFirstFresh, {}));
    writeDataFile(directories.fileElsewhere());
    mount.unmount();
  });
}

LayerDirectories::LayerDirectories(Workspace& workspace)
    : workspace_(workspace), base_(workspace.mountPoint(kBaseMount)) {}

std::string LayerDirectories::overlay() const {
  return workspace_.mountPoint(kOverlayMount);
}

Layers LayerDirectories::layersIn(const std::string& base, const std::string& number,
                                  const LayerPlaces& places) const {
  const std::string upper = "/upper" + number, work = "/work" + number;
  const std::string& seen_in = places.base.empty() ? base : places.base;
  return {base + upper, base + work,
          overlayOptions(places.lower.empty() ? lower() : places.lower, seen_in + upper,
                         seen_in + work)};
}

Layers LayerDirectories::fresh(const LayerPlaces& places) {
  const std::string number = std::to_string(++layers_);
  Layers layers = layersIn(base_, number, places);
  if (number != kFirstFresh) fill(layers);
  return layers;
}

Layers LayerDirectories::freshIn(const std::string& directory) const {
  Layers layers = in(directory);
  fill(layers);
  return layers;
}

std::string LayerDirectories::freshDirectory() {
  return workspace_.newDirectory(kFirstFreeMount + directories_++);
}

}  // namespace conformance
