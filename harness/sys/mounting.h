// SPDX-License-Identifier: GPL-2.0-only
// Mount: the owner of one mounted filesystem. (<sys/mount.h> is a header of glibc.)
#pragma once

#include <optional>
#include <string>

#include "sys/result.h"

namespace sys {

// What to mount, in the terms of mount(2).
struct MountRequest {
  std::string source;   // a device, or any word for a filesystem without one
  std::string target;   // an existing directory
  std::string type;     // "ext4", "overlay"; unused with MS_BIND
  std::string options;  // of the filesystem, separated by commas
  unsigned long flags = 0;
};

class Mount {
 public:
  // Throws SetupError.
  explicit Mount(const MountRequest& request);
  Mount(Mount&& other) noexcept;
  Mount& operator=(Mount&& other) noexcept;
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;
  // Unmounts. If the filesystem is still in use, it is detached (MNT_DETACH), with a line on
  // standard error; call unmount() if that must be noticed.
  ~Mount();

  // As the constructor, for a mount that is itself under test: `mounted` is set on success only.
  static Result attempt(const MountRequest& request, std::optional<Mount>& mounted);

  // Takes over what other calls have mounted there.
  static Mount adopt(const std::string& target);

  const std::string& target() const { return target_; }

  // Unmounts now; waits up to a second for others to let go of it (a worker of io_uring holds the
  // file for a moment after its completion). Throws SetupError (EBUSY: still in use) after having
  // detached the mount, so that there is nothing left to release.
  void unmount();
  // umount(2), which is under test. Owns nothing afterwards, whatever it returns.
  [[nodiscard]] Result tryUnmount();
  // Detaches it from the mount tree now (MNT_DETACH); those who still use it keep it. Throws
  // SetupError.
  void detach();
  // Remounts it read-only or writable; the remount itself is under test.
  [[nodiscard]] Result remountReadOnly() const;
  [[nodiscard]] Result remountWritable() const;

 private:
  Mount() = default;
  // Returns 0 or the errno of the ordinary unmount; the mount is gone either way.
  int release() noexcept;

  std::string target_;
};

// The options of the filesystem that is mounted on a directory, as /proc/mounts shows them. Throws
// SetupError when there is none.
std::string shownMountOptions(const std::string& target);

}  // namespace sys
