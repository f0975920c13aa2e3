// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/silent_loss.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <utility>

#include "conformance/held_disk.h"
#include "sys/btrfs.h"
#include "sys/device_blocks.h"
#include "sys/ext4.h"
#include "sys/extents.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::kBlockBytes;

// More preallocated pages than an inode has room for extents, so that these are in a block of their
// own.
constexpr int kPages = 8;

constexpr const char* kLeaf = "the leaf of the extent tree";

bool isOfLeaf(MapDamage damage) {
  return damage == MapDamage::corrupt_leaf || damage == MapDamage::unreadable_leaf;
}

// A block of the disk has other content for a while.
class Overwritten {
 public:
  Overwritten(FailingDisk& disk, const sys::SectorRange& place) : disk_(disk), place_(place) {
    if (disk.isDisarmed()) throw sys::SetupError("damage", "is left out", 0);
    before_ = disk.replace(place, std::string(place.length * sys::kSectorBytes, '\xA5'));
  }
  Overwritten(const Overwritten&) = delete;
  Overwritten& operator=(const Overwritten&) = delete;
  ~Overwritten() {
    try {
      disk_.replace(place_, before_);
    } catch (const sys::SetupError& error) {
      // What stays does not outlive the case, whose disk is discarded.
      std::cerr << error.what() << '\n';
    }
  }

 private:
  FailingDisk& disk_;
  sys::SectorRange place_;
  std::string before_;
};

std::string readPage(const sys::File& file, off_t offset, const std::string& name) {
  std::string read(kBlockBytes, '\0');
  const long count =
      sys::require(::pread(file.descriptor(), read.data(), read.size(), offset), "read", name);
  read.resize(static_cast<std::size_t>(count));
  return read;
}

// Drops what the filesystem has read from its disk, and what ext4 makes of it, without a request to
// that disk. A processor holds on to the last buffers that it used; it lets go of them when the
// cache of any device is dropped that has something cached (invalidate_bdev()).
void dropBuffers(const SubjectDisk& disk) {
  const std::string& other = disk.readOnlyDevice();
  pageOf(other, 0);
  sys::dropCache(other);
  sys::dropCaches(sys::Caches::pages);
}

}  // namespace

void syncEverything() {
  ::sync();
}

SilentLoss::SilentLoss(Subject& subject, Loss loss, MapDamage damage)
    : subject_(subject), loss_(loss), damage_(damage) {
  const std::string path = subject.upper().path("data");
  const sys::File file = subject.upper().open("data");
  for (int page = 0; page != kPages; ++page) {
    sys::require(::fallocate(file.descriptor(), 0, preallocated(page), kBlockBytes), "fallocate in",
                 path);
  }
  const off_t end = preallocated(kPages) + static_cast<off_t>(kBlockBytes);
  sys::require(::ftruncate(file.descriptor(), end), "truncate", path);
}

void SilentLoss::settle() {
  const std::string path = subject_.upper().path("data");
  const sys::File file = subject_.upper().open("data");
  {
    // Leaves nothing in ext4's journal, so that all it has cached can be dropped.
    const sys::Freeze frozen(file);
  }
  FailingDisk& disk = subject_.disk.damaged("all of " + path + " is on the disk");
  struct stat status {};
  sys::require(::fstat(file.descriptor(), &status), "stat", path);
  switch (loss_) {
    case Loss::allocation:
      needed_ = isOfLeaf(damage_) ? sys::ext4ExtentLeaf(disk.nodeBelow(), status.st_ino)
                                  : sys::ext4BlockBitmap(disk.nodeBelow());
      break;
    case Loss::conversion:
      needed_ = sys::ext4ExtentLeaf(disk.nodeBelow(), status.st_ino);
      page_ = sys::firstUnwrittenExtent(file, path);
      break;
    case Loss::transaction:
      needed_ = sys::kBtrfsSuperblock;
      break;
  }
}

off_t SilentLoss::preallocated(int number) {
  return static_cast<off_t>(kDataBytes + (2 * number + 1) * kBlockBytes);
}

off_t SilentLoss::offset() const {
  const bool has_block = loss_ == Loss::conversion || isOfLeaf(damage_);
  return preallocated(has_block ? 0 : kPages);
}

int SilentLoss::error() const {
  switch (loss_) {
    case Loss::allocation:
      return ENOSPC;  // the only block group has none to give
    case Loss::conversion:
    case Loss::transaction:
      return EIO;
  }
  std::unreachable();
}

sys::Result SilentLoss::allowed(const sys::Result& result) const {
  const bool other = (loss_ == Loss::allocation && result.error() == EIO) ||
                     (loss_ == Loss::transaction && !result.ok());
  return other ? sys::Result::failure(error()) : result;
}

void SilentLoss::dirty() {
  settle();
  written_ = sys::freshBytes(kBlockBytes);
  sys::require(subject_.open("data").pwrite(written_, offset()), "write", subject_.path("data"));
}

void SilentLoss::happen(const std::function<void()>& writeback) {
  dirty();
  writeBackUnderDamage(writeback);
}

void SilentLoss::writeBackUnderDamage(const std::function<void()>& writeback) {
  switch (loss_) {
    case Loss::allocation:
      return writeBackUnmapped(writeback);
    case Loss::conversion:
      return convertUnderDamage(
          [&] {
            const std::string path = subject_.upper().path("data");
            const sys::File file(path);
            sys::require(
                ::sync_file_range(file.descriptor(), offset(), kBlockBytes, SYNC_FILE_RANGE_WRITE),
                "start writeback of", path);
          },
          writeback);
    case Loss::transaction: {
      Fault fault = subject_.disk.breakSectors(needed_, "the superblock");
      writeback();
      fault.heal();
      return;
    }
  }
  std::unreachable();
}

void SilentLoss::writeBackUnmapped(const std::function<void()>& writeback) {
  if (isOfLeaf(damage_)) forgetLeaf();
  const std::string what = isOfLeaf(damage_) ? kLeaf : "the block bitmap";
  if (damage_ == MapDamage::unreadable_bitmap || damage_ == MapDamage::unreadable_leaf) {
    Fault fault = subject_.disk.breakSectors(needed_, what);
    dropBuffers(subject_.disk);
    writeback();
    fault.healAfterReads();
    return;
  }
  FailingDisk& disk = subject_.disk.damaged(what + " is corrupt");
  const Overwritten overwritten(disk, needed_);
  dropBuffers(subject_.disk);
  writeback();
}

// An ext4 that splits extents before it writes to them (6.12 and older) journals the leaf even if
// there is nothing to split. The transaction keeps it until it is at its place on the disk.
void SilentLoss::forgetLeaf() {
  const std::string other = subject_.upper().path("in-the-same-transaction");
  const sys::File file(other, O_RDWR | O_CREAT);
  sys::require(::fsync(file.descriptor()), "fsync", other);
  sys::require(::unlink(other.c_str()), "unlink", other);
  const sys::File device(subject_.disk.node(), O_RDONLY);
  sys::require(::fsync(device.descriptor()), "fsync", subject_.disk.node());
  sys::dropCaches(sys::Caches::names);  // and what jbd2 keeps of clean buffers
  dropBuffers(subject_.disk);
}

void SilentLoss::convertUnderDamage(const std::function<void()>& start,
                                    const std::function<void()>& end) {
  FailingDisk& disk = subject_.disk.damaged(std::string(kLeaf) + " is corrupt");
  const std::string path = subject_.upper().path("data");
  std::optional<Overwritten> leaf;
  {
    sys::ext4ReadExtents(sys::File(path), path);  // starting the write may need them
    const HeldDisk held(disk, page_);
    start();
    forgetLeaf();
    leaf.emplace(disk, needed_);
  }
  end();
  leaf.reset();
  dropBuffers(subject_.disk);
}

void SilentLoss::mustBeGoneFrom(const sys::File& file) const {
  sys::dropCaches();
  if (readPage(file, offset(), "a file without a name") == written_) {
    throw sys::SetupError("loss", "did not happen: the page is in the file", 0);
  }
}

void remountBare(Subject& subject) {
  subject.beside.unmountAll();
  sys::dropCaches();
  subject.mount.mountUpperAgain();
}

std::string pageAfterARemount(Subject& subject, off_t offset) {
  remountBare(subject);
  return pageOf(subject.upper().path("data"), offset);
}

void mustBeOnNoDisk(Subject& subject, off_t offset, const std::string& page) {
  if (pageAfterARemount(subject, offset) == page) {
    throw sys::SetupError("loss", "did not happen: the page is on the disk", 0);
  }
}

std::string pageOf(const std::string& path, off_t offset) {
  return readPage(sys::File(path, O_RDONLY), offset, path);
}

}  // namespace conformance
