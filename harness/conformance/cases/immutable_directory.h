// SPDX-License-Identifier: GPL-2.0-only
// ImmutableDirectory: one in which nothing can be created for a while.
#pragma once

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <string>

#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {

// Not even by root. Throws SetupError.
class ImmutableDirectory {
 public:
  explicit ImmutableDirectory(const std::string& path) : directory_(path, O_RDONLY | O_DIRECTORY) {
    sys::require(::ioctl(directory_.descriptor(), FS_IOC_GETFLAGS, &before_), "FS_IOC_GETFLAGS",
                 path);
    sys::require(set(before_ | FS_IMMUTABLE_FL), "FS_IOC_SETFLAGS", path);
  }
  ImmutableDirectory(const ImmutableDirectory&) = delete;
  ImmutableDirectory& operator=(const ImmutableDirectory&) = delete;
  ~ImmutableDirectory() { set(before_); }

 private:
  int set(int flags) const { return ::ioctl(directory_.descriptor(), FS_IOC_SETFLAGS, &flags); }

  sys::File directory_;
  int before_ = 0;
};

}  // namespace conformance
