// SPDX-License-Identifier: GPL-2.0
// What ext4, xfs and btrfs do each in its own way, and some releases otherwise than others, and
// overlayfs has no part in. Whatever a case has to know of that stands here, with its reason, and
// nowhere else.
#pragma once

#include <string>

namespace conformance {

// Options to mount it with, so that no thread of its own writes to the disk meanwhile.
std::string quietMountOptions(const std::string& filesystem);

// Whether data that is written again goes to the sectors where it was.
bool writesInPlace(const std::string& filesystem);

// Why the disk's answer to a failed write of data is not the one errno that is recorded; empty if
// it is.
std::string whyNotTheDisksErrno(const std::string& filesystem);

// Whether the filesystem names its block device in the superblock, so that syncfs writes back what
// was written to the device itself.
bool syncsItsBlockDevice(const std::string& filesystem);

// Whether a page of the block device itself that cannot be written is an error of the superblock
// on it, too.
bool recordsErrorsOfItsBlockDevice();

// Whether fsync of a file that has no name yet writes to the disk.
bool syncsFilesWithoutName(const std::string& filesystem);

}  // namespace conformance
