// SPDX-License-Identifier: GPL-2.0-only
// What only btrfs needs.
#pragma once

#include <string>
#include <vector>

#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/sector_range.h"

namespace sys {

// Where the first of the superblocks is, without which a transaction cannot be committed. Nothing
// else is in the first MiB.
inline constexpr SectorRange kBtrfsSuperblock = {(64u << 10) / kSectorBytes, 128};

// The sectors of all DATA block groups of the btrfs that `file` is in, from its chunk tree: where
// btrfs, which never writes in place, can put new data; metadata is elsewhere. One device and the
// single profile only. Throws SetupError.
std::vector<SectorRange> btrfsDataSectors(const File& file, const std::string& path);

// Waits until btrfs is done with what was written to a file, failed or not: fsync may fail before
// that, and btrfs then records the same error a second time. No cursor moves. reader: from
// directReader(). Throws SetupError.
void waitForOrderedExtents(const File& reader, std::size_t bytes);

// Commits the running transaction, if there is one. Unlike syncfs, it does not write dirty pages
// back. Throws SetupError if the commit cannot be started; returns its result.
Result commitTransaction(const File& file);

// Makes btrfs forget an unmounted device, or it would refuse an older state of the same filesystem
// on another one. ENOENT: it has already forgotten it (since 6.1). Throws SetupError if btrfs
// cannot be asked.
Result forgetBtrfsDevice(const std::string& device);

}  // namespace sys
