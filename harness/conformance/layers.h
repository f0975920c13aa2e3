// SPDX-License-Identifier: GPL-2.0-only
// Layers: the directories that overlays are made of, and those to mount them on.
#pragma once

#include <cstddef>
#include <string>

#include "conformance/failing_disk.h"
#include "conformance/workspace.h"

namespace conformance {

// An upper and a work directory, and the mount options of an overlay on them.
struct Layers {
  std::string upper;  // on the bare filesystem, as is work
  std::string work;
  std::string options;
};

// Where the layers of an overlay are, if not in the usual places.
struct LayerPlaces {
  std::string lower = {};  // instead of the workspace's
  std::string base = {};   // another mount of the filesystem
};

// The mount options of an overlay on these layers, and more.
std::string overlayOptions(const std::string& lower, const std::string& upper,
                           const std::string& work, const std::string& more = "");

class LayerDirectories {
 public:
  // Puts on the disk what most cases need, for all of them at once: the layers of the overlay under
  // test, the first of the fresh ones, and a file beside all layers. Throws SetupError.
  static void populate(FailingDisk& disk, Workspace& workspace);

  // Throws SetupError, as do all that follow.
  explicit LayerDirectories(Workspace& workspace);

  // The mount points of the bare filesystem and of the overlay under test.
  const std::string& base() const { return base_; }
  // A data file on the bare filesystem that is in no layer.
  std::string fileElsewhere() const { return base_ + "/elsewhere"; }
  std::string overlay() const;
  // The lower layer that all overlays share.
  std::string lower() const { return workspace_.lower(); }

  // The layers of the overlay under test.
  Layers own() const { return layersIn(base_, "", {}); }
  // More layers on the same filesystem; the upper directory is filled as the subject's.
  Layers fresh(const LayerPlaces& places = {});
  // The same in a directory where another filesystem is mounted.
  Layers freshIn(const std::string& directory) const;
  // Layers that already exist there.
  Layers in(const std::string& directory) const { return layersIn(directory, "", {}); }
  // An empty directory, to mount on or to be a layer on a tmpfs.
  std::string freshDirectory();

 private:
  Layers layersIn(const std::string& base, const std::string& number,
                  const LayerPlaces& places) const;

  Workspace& workspace_;
  std::string base_;
  std::size_t directories_ = 0;  // handed out
  std::size_t layers_ = 1;       // in use
};

}  // namespace conformance
