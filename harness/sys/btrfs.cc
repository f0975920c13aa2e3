// SPDX-License-Identifier: GPL-2.0-only
#include "sys/btrfs.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sys/direct_read.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

// Profiles in which a chunk is more than one plain range of one device.
constexpr std::uint64_t kNotSingle = BTRFS_BLOCK_GROUP_PROFILE_MASK;

// The errors that a failed disk leaves in a mapping.
bool isLeftover(const Result& read) {
  return read == Result::failure(EIO) || read == Result::failure(ENOSPC);
}

}  // namespace

std::vector<SectorRange> btrfsDataSectors(const File& file, const std::string& path) {
  std::vector<SectorRange> sectors;
  btrfs_ioctl_search_args search{};
  btrfs_ioctl_search_key& key = search.key;
  key.tree_id = BTRFS_CHUNK_TREE_OBJECTID;
  key.min_objectid = key.max_objectid = BTRFS_FIRST_CHUNK_TREE_OBJECTID;
  key.min_type = key.max_type = BTRFS_CHUNK_ITEM_KEY;
  key.max_offset = key.max_transid = UINT64_MAX;
  for (;;) {
    key.nr_items = UINT32_MAX;
    require(::ioctl(file.descriptor(), BTRFS_IOC_TREE_SEARCH, &search), "chunk tree of", path);
    if (key.nr_items == 0) break;
    const char* position = search.buf;
    for (std::uint32_t i = 0; i < key.nr_items; ++i) {
      btrfs_ioctl_search_header header{};
      std::memcpy(&header, position, sizeof(header));
      btrfs_chunk chunk{};
      std::memcpy(&chunk, position + sizeof(header), sizeof(chunk));
      position += sizeof(header) + header.len;
      key.min_offset = header.offset + 1;

      const std::uint64_t type = le64toh(chunk.type);
      if ((type & BTRFS_BLOCK_GROUP_DATA) == 0) continue;
      if ((type & (kNotSingle | BTRFS_BLOCK_GROUP_METADATA)) != 0) {
        throw SetupError("chunk tree of",
                         path + ": data is mixed with metadata, or its profile is not single", 0);
      }
      sectors.push_back(
          {le64toh(chunk.stripe.offset) / kSectorBytes, le64toh(chunk.length) / kSectorBytes});
    }
  }
  if (sectors.empty()) throw SetupError("chunk tree of", path + ": no data block group", 0);
  return normalized(std::move(sectors));
}

void waitForOrderedExtents(const File& reader, std::size_t bytes) {
  // A direct read waits for them, in every version. But if the mapping still has an error of its
  // writeback, the read consumes that and returns before it has waited (filemap_check_errors()).
  // Each ordered extent can leave one more such error when it finishes.
  constexpr int kAttempts = 100;
  Result read = Result::failure(EIO);
  for (int i = 0; i < kAttempts && isLeftover(read); ++i) {
    read = readDirect(reader, bytes);
  }
  if (!read.ok()) throw SetupError("direct read of", "a file on btrfs", read.error());
}

Result commitTransaction(const File& file) {
  std::uint64_t transaction = 0;
  require(::ioctl(file.descriptor(), BTRFS_IOC_START_SYNC, &transaction), "start a commit of",
          "btrfs");
  return Result::ofCall(::ioctl(file.descriptor(), BTRFS_IOC_WAIT_SYNC, &transaction));
}

Result forgetBtrfsDevice(const std::string& device) {
  const File control("/dev/btrfs-control", O_RDWR);
  btrfs_ioctl_vol_args arguments{};
  if (device.size() >= sizeof(arguments.name)) throw SetupError("forget", device, ENAMETOOLONG);
  std::memcpy(arguments.name, device.c_str(), device.size() + 1);
  return Result::ofCall(::ioctl(control.descriptor(), BTRFS_IOC_FORGET_DEV, &arguments));
}

}  // namespace sys
