// SPDX-License-Identifier: GPL-2.0-only
#include "sys/extents.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cstring>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr unsigned kMaxExtents = 64;  // at a time
constexpr std::uint32_t kNoPlaceOfItsOwn = FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC |
                                           FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_NOT_ALIGNED;

bool hasPlaceOfItsOwn(const fiemap_extent& extent) {
  return (extent.fe_flags & kNoPlaceOfItsOwn) == 0;
}

// In the order of the file.
std::vector<fiemap_extent> extentsOf(const File& file, const std::string& path) {
  std::vector<fiemap_extent> extents;
  do {
    alignas(fiemap) char memory[sizeof(fiemap) + kMaxExtents * sizeof(fiemap_extent)] = {};
    auto& map = *reinterpret_cast<fiemap*>(memory);
    if (!extents.empty()) map.fm_start = extents.back().fe_logical + extents.back().fe_length;
    map.fm_length = FIEMAP_MAX_OFFSET - map.fm_start;
    map.fm_flags = FIEMAP_FLAG_SYNC;
    map.fm_extent_count = kMaxExtents;
    require(::ioctl(file.descriptor(), FS_IOC_FIEMAP, memory), "FIEMAP of", path);
    if (map.fm_mapped_extents == 0) break;
    const std::size_t before = extents.size();
    extents.resize(before + map.fm_mapped_extents);
    std::memcpy(&extents[before], memory + sizeof(fiemap),
                map.fm_mapped_extents * sizeof(fiemap_extent));
  } while ((extents.back().fe_flags & FIEMAP_EXTENT_LAST) == 0);
  return extents;
}

SectorRange sectorsOf(const fiemap_extent& extent) {
  return {extent.fe_physical / kSectorBytes, extent.fe_length / kSectorBytes};
}

}  // namespace

std::vector<SectorRange> fileSectors(const File& file, const std::string& path) {
  struct stat status {};
  require(::fstat(file.descriptor(), &status), "stat", path);
  std::vector<SectorRange> sectors;
  for (const fiemap_extent& extent : extentsOf(file, path)) {
    // XFS preallocates behind the end.
    if (extent.fe_logical >= static_cast<std::uint64_t>(status.st_size)) continue;
    if (!hasPlaceOfItsOwn(extent)) {
      throw SetupError("extents of", path + ": not in a place of its own on the device", 0);
    }
    sectors.push_back(sectorsOf(extent));
  }
  if (sectors.empty()) throw SetupError("extents of", path + ": none", 0);
  return normalized(std::move(sectors));
}

SectorRange firstUnwrittenExtent(const File& file, const std::string& path) {
  for (const fiemap_extent& extent : extentsOf(file, path)) {
    const bool is_unwritten = (extent.fe_flags & FIEMAP_EXTENT_UNWRITTEN) != 0;
    if (is_unwritten && hasPlaceOfItsOwn(extent)) return sectorsOf(extent);
  }
  throw SetupError("extents of", path + ": none is unwritten", 0);
}

void takeMappingErrors(const File& file) {
  fiemap map{};
  map.fm_length = FIEMAP_MAX_OFFSET;
  map.fm_flags = FIEMAP_FLAG_SYNC;
  ::ioctl(file.descriptor(), FS_IOC_FIEMAP, &map);
}

void dropCache(const std::string& device) {
  const File file(device, O_RDONLY);
  require(::ioctl(file.descriptor(), BLKFLSBUF, 0), "BLKFLSBUF of", device);
}

std::uint64_t deviceSectors(const std::string& device) {
  const File file(device, O_RDONLY);
  std::uint64_t bytes = 0;
  require(::ioctl(file.descriptor(), BLKGETSIZE64, &bytes), "size of", device);
  return bytes / kSectorBytes;
}

}  // namespace sys
