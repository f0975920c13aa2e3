// SPDX-License-Identifier: GPL-2.0
#include "conformance/peculiarities.h"

namespace conformance {

// ext4 goes on formatting inode tables in the background.
std::string quietMountOptions(const std::string& filesystem) {
  return filesystem == "ext4" ? "noinit_itable" : "";
}

// btrfs copies on write, data too.
bool writesInPlace(const std::string& filesystem) {
  return filesystem != "btrfs";
}

// An ordered extent of btrfs only remembers that it has failed, and records EIO when it ends. With
// several requests, that can come before or after what the disk said of another one.
bool recordsTheDisksErrno(const std::string& filesystem) {
  return filesystem != "btrfs";
}

// A btrfs can lie on several devices, and its superblock names none.
bool syncsItsBlockDevice(const std::string& filesystem) {
  return filesystem != "btrfs";
}

}  // namespace conformance
