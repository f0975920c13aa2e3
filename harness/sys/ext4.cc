// SPDX-License-Identifier: GPL-2.0-only
#include "sys/ext4.h"

#include <endian.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>

#include <cstdint>
#include <cstring>

#include "sys/device_blocks.h"
#include "sys/setup_error.h"

namespace sys {
namespace {

// Offsets in bytes, of the superblock in its block, and of fields in what has them.
constexpr std::size_t kSuperblock = 1024, kMagicAt = 56, kInodeBytesAt = 88;
constexpr std::uint16_t kMagic = 0xEF53;
// In the descriptor of a block group.
constexpr std::size_t kBlockBitmapAt = 0, kInodeTableAt = 8;
// In an inode: the root of its extent tree. In a node: the depth, and in its first entry, which
// follows a header of 12 bytes, the child. High halves of block numbers are 0 on disks of this
// size.
constexpr std::size_t kExtentsAt = 40, kDepthAt = 6, kFirstChildAt = 12 + 4;

std::uint32_t number32(const std::string& from, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, from.data() + at, sizeof(value));
  return le32toh(value);
}

std::uint16_t number16(const std::string& from, std::size_t at) {
  std::uint16_t value = 0;
  std::memcpy(&value, from.data() + at, sizeof(value));
  return le16toh(value);
}

// The descriptor of the first block group is in the block after the superblock's.
std::uint32_t inFirstDescriptor(const std::string& device, std::size_t at) {
  if (number16(readBlocks(device, block(0)), kSuperblock + kMagicAt) != kMagic) {
    throw SetupError("ext4", "not found on " + device, 0);
  }
  return number32(readBlocks(device, block(1)), at);
}

// Where an inode begins, in bytes of the device.
std::uint64_t placeOfInode(const std::string& device, ino_t inode) {
  const std::uint64_t table = inFirstDescriptor(device, kInodeTableAt);
  const std::size_t inode_bytes =
      number16(readBlocks(device, block(0)), kSuperblock + kInodeBytesAt);
  return table * kBlockBytes + (inode - 1) * inode_bytes;
}

}  // namespace

SectorRange ext4BlockBitmap(const std::string& device) {
  return block(inFirstDescriptor(device, kBlockBitmapAt));
}

SectorRange ext4InodeBlock(const std::string& device, ino_t inode) {
  return block(placeOfInode(device, inode) / kBlockBytes);
}

SectorRange ext4ExtentLeaf(const std::string& device, ino_t inode) {
  const std::uint64_t place = placeOfInode(device, inode);
  const std::string content = readBlocks(device, block(place / kBlockBytes));
  const std::size_t root = place % kBlockBytes + kExtentsAt;
  if (number16(content, root + kDepthAt) != 1) {
    throw SetupError("ext4", "inode " + std::to_string(inode) + " has no leaf of its own", 0);
  }
  return block(number32(content, root + kFirstChildAt));
}

void ext4JournalData(const File& file, const std::string& path) {
  int flags = 0;
  require(::ioctl(file.descriptor(), FS_IOC_GETFLAGS, &flags), "FS_IOC_GETFLAGS", path);
  flags |= FS_JOURNAL_DATA_FL;
  require(::ioctl(file.descriptor(), FS_IOC_SETFLAGS, &flags), "FS_IOC_SETFLAGS", path);
}

void ext4ReadExtents(const File& file, const std::string& path) {
  constexpr unsigned long kPrecacheExtents = _IO('f', 18);  // older <linux/ext4.h> lack it
  require(::ioctl(file.descriptor(), kPrecacheExtents), "EXT4_IOC_PRECACHE_EXTENTS of", path);
}

}  // namespace sys
