// SPDX-License-Identifier: GPL-2.0
#include "conformance/peculiarities.h"

#include "conformance/kernel_probe.h"

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
//
// ext4_finish_bio() of 6.1 and before has EIO for whatever happened to a request.
std::string whyNotTheDisksErrno(const std::string& filesystem) {
  if (filesystem == "btrfs") {
    return "btrfs records EIO beside what its disk says, in no certain order";
  }
  if (filesystem == "ext4" && !kernelIsAtLeast(6, 12)) {
    return "ext4 of this release records EIO, whatever its disk says";
  }
  return {};
}

// A btrfs can lie on several devices, and its superblock names none.
bool syncsItsBlockDevice(const std::string& filesystem) {
  return filesystem != "btrfs";
}

// mark_buffer_write_io_error() of 6.1 and before looks up who is mounted on the device.
bool recordsErrorsOfItsBlockDevice() {
  return !kernelIsAtLeast(6, 12);
}

// btrfs_log_inode_parent() of 6.12 leaves out what no link leads to; that of 7.2 does not.
bool syncsFilesWithoutName(const std::string& filesystem) {
  return filesystem != "btrfs" || kernelIsAtLeast(7, 2);
}

}  // namespace conformance
