// SPDX-License-Identifier: GPL-2.0-only
// What only ext4 needs: where writeback finds what it depends on, read from the disk itself
// (fs/ext4/ext4.h, ext4_extents.h). Blocks have sys::kBlockBytes bytes.
#pragma once

#include <sys/types.h>

#include <string>

#include "sys/open_file.h"
#include "sys/sector_range.h"

namespace sys {

// The block bitmap of the first block group. Throws SetupError, also for what is no ext4.
SectorRange ext4BlockBitmap(const std::string& device);

// The block that holds an inode of the first block group. Throws SetupError.
SectorRange ext4InodeBlock(const std::string& device, ino_t inode);

// The first leaf of the extent tree of an inode of the first block group. Throws SetupError, also
// if the inode has all its extents in itself.
SectorRange ext4ExtentLeaf(const std::string& device, ino_t inode);

// From now on the data of the file goes through the journal (FS_JOURNAL_DATA_FL, chattr +j). Throws
// SetupError.
void ext4JournalData(const File& file, const std::string& path);

// Makes ext4 read the extent tree of a file (EXT4_IOC_PRECACHE_EXTENTS). Throws SetupError.
void ext4ReadExtents(const File& file, const std::string& path);

}  // namespace sys
