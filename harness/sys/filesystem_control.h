// SPDX-License-Identifier: GPL-2.0-only
// What else can be done to a mounted filesystem as a whole, through any fd in it.
#pragma once

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

// Freezes the filesystem (FIFREEZE), and thaws it on destruction.
class Freeze {
 public:
  // Throws SetupError.
  explicit Freeze(const File& file);
  Freeze(const Freeze&) = delete;
  Freeze& operator=(const Freeze&) = delete;
  ~Freeze();

 private:
  const File& file_;
};

// Shuts the filesystem down without writing its log (EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN: the same
// number): nothing reaches the disk any more. ENOTTY: it does not support this.
Result shutDown(const File& file);

// Syncs the quota of every filesystem that uses the VFS quota code, such as ext4, through its
// ->sync_fs() (quotactl, Q_SYNC). ENOSYS: the kernel has no quota.
Result syncQuota();

}  // namespace sys
