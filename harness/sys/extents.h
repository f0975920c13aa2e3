// SPDX-License-Identifier: GPL-2.0-only
// Where a filesystem keeps data on its device.
#pragma once

#include <vector>

#include "sys/open_file.h"
#include "sys/sector_range.h"

namespace sys {

// The sectors that are allocated for the data of a file, written or not, on filesystems that write
// in place: ext4, xfs. Writes dirty pages first (FIEMAP_FLAG_SYNC). Throws SetupError, also for a
// file without extents or with one that has no place of its own on the device (inline, compressed).
std::vector<SectorRange> fileSectors(const File& file, const std::string& path);

// The sectors of the first extent of a file that is allocated and unwritten, on such a filesystem.
// Throws SetupError, also if there is none.
SectorRange firstUnwrittenExtent(const File& file, const std::string& path);

// Takes what the file's mapping has kept of a failed writeback beside its errseq (AS_EIO,
// AS_ENOSPC). Otherwise the next call that waits for writeback returns it, such as a read with
// O_DIRECT (filemap_check_errors()).
void takeMappingErrors(const File& file);

// Drops the cache of a block device that nobody uses. Throws SetupError.
void dropCache(const std::string& device);

// Size of a block device in sectors. Throws SetupError.
std::uint64_t deviceSectors(const std::string& device);

}  // namespace sys
