// SPDX-License-Identifier: GPL-2.0
#include "conformance/peculiarities.h"

#include <cerrno>

namespace conformance {

// btrfs copies on write, data too.
bool writesInPlace(const std::string& filesystem) {
  return filesystem != "btrfs";
}

// An ordered extent of btrfs only remembers that it has failed, and records EIO when it ends, after
// the page has recorded what the disk said: the latest error wins.
int recordedErrno(const std::string& filesystem, int from_disk) {
  return filesystem == "btrfs" ? EIO : from_disk;
}

// A btrfs can lie on several devices, and its superblock names none.
bool syncsItsBlockDevice(const std::string& filesystem) {
  return filesystem != "btrfs";
}

}  // namespace conformance
