// SPDX-License-Identifier: GPL-2.0
// What ext4, xfs and btrfs do each in its own way, and overlayfs has no part in. Whatever a case
// has to know of that stands here, with its reason, and nowhere else.
#pragma once

#include <string>

namespace conformance {

// Options to mount it with, so that no thread of its own writes to the disk meanwhile.
std::string quietMountOptions(const std::string& filesystem);

// Whether data that is written again goes to the sectors where it was.
bool writesInPlace(const std::string& filesystem);

// Whether the disk's answer to a failed write of data is the one errno that is recorded.
bool recordsTheDisksErrno(const std::string& filesystem);

// Whether the filesystem names its block device in the superblock, so that syncfs writes back what
// was written to the device itself.
bool syncsItsBlockDevice(const std::string& filesystem);

}  // namespace conformance
