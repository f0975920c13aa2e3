// SPDX-License-Identifier: GPL-2.0-only
// MountsBeside: further mounts beside the subject. All are unmounted at the end of the case.
#pragma once

#include <list>
#include <string>

#include "conformance/layers.h"
#include "conformance/view.h"
#include "sys/mounting.h"
#include "sys/result.h"
#include "sys/user_namespace.h"

namespace conformance {

class MountsBeside {
 public:
  // subject: what is under test; upper: the upper directory on the bare filesystem, which
  // `filesystem` has mounted.
  MountsBeside(const View& subject, const View& upper, sys::MountRequest filesystem,
               LayerDirectories& layers)
      : subject_(subject), upper_(upper), filesystem_(std::move(filesystem)), layers_(layers) {}

  // A second overlay on the same upper filesystem, with layers of its own, or on the plain subject
  // a second mount of the filesystem. It holds "data" too. Throws SetupError.
  const View& another();
  // Mounts the same; the mount itself is under test.
  [[nodiscard]] sys::Result mountAnother();
  // Mounts one more overlay on the same upper filesystem with these options and its own layers; the
  // mount itself is under test.
  [[nodiscard]] sys::Result mountOverlay(const std::string& options,
                                         const LayerPlaces& places = {});
  // Mounts an overlay with just these options, and flags of mount(2).
  [[nodiscard]] sys::Result mountLayers(const std::string& options, unsigned long flags = 0);
  // An overlay without an upper layer: of a view on top of a directory. Throws SetupError, as do
  // all that follow.
  const View& overlayWithoutUpper(const View& lower);
  // An overlay on another one, with its upper layer on a tmpfs.
  const View& overlayOnTmpfs(const View& lower);
  // Mounts the bare filesystem a second time, idmapped, and returns where.
  std::string idmappedBase(const sys::UserNamespace& users);
  // Mounts what is under test a second time, idmapped. Throws Skipped if an overlay cannot be
  // idmapped.
  const View& idmappedMount(const sys::UserNamespace& users);
  // Layers on a filesystem in memory, with xattrs (tmpfs) or without (ramfs).
  Layers layersInMemory(const std::string& filesystem);

  // The view of the last of these mounts that succeeded. Throws SetupError if there is none.
  const View& latest() const;
  void unmountLatest();
  // Of the mount that shows this view; what shows none is a SetupError.
  void unmount(const View& view);
  void detach(const View& view);  // umount -l
  [[nodiscard]] sys::Result remountReadOnly(const View& view);
  [[nodiscard]] sys::Result remountWritable(const View& view);
  void unmountAll();

 private:
  // What to mount, and what it shows.
  struct MountPlan {
    sys::MountRequest request;
    View view;
  };
  struct Mounted {
    sys::Mount mount;
    View view;
  };
  MountPlan planOverlay(const std::string& options, const std::string& bare);
  MountPlan planAnother();
  const View& mount(const MountPlan& plan);
  sys::Result attempt(const MountPlan& plan);
  const View& add(sys::Mount mount, const View& view);
  using Mounts = std::list<Mounted>;
  Mounts::iterator find(const View& view);
  sys::Mount take(Mounts::iterator which);

  const View& subject_;
  const View& upper_;
  sys::MountRequest filesystem_;
  LayerDirectories& layers_;
  Mounts mounts_;
};

}  // namespace conformance
