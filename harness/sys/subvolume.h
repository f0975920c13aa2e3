// SPDX-License-Identifier: GPL-2.0-only
// Subvolumes of btrfs. On a filesystem that has none, all of these fail with ENOTTY.
#pragma once

#include <string>

#include "sys/result.h"

namespace sys {

// Makes an empty one of that path.
Result makeSubvolume(const std::string& path);
// Makes one that has what `original` has.
Result makeSnapshot(const std::string& original, const std::string& path);
Result deleteSubvolume(const std::string& path);
// Starts to free the space of those that were deleted on the filesystem of `path`. Nothing tells
// when that is done; it is not done while something still uses an inode of one.
Result freeDeletedSubvolumes(const std::string& path);

}  // namespace sys
