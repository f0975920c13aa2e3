// SPDX-License-Identifier: GPL-2.0-only
// SilentLoss: data that is lost although no write of it fails (D).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "conformance/subject.h"
#include "filesystems/filesystem.h"
#include "sys/open_file.h"
#include "sys/result.h"
#include "sys/sector_range.h"

namespace conformance {

// What keeps ext4 from mapping the page: the block bitmap, or the leaf of the extent tree, in which
// the page has a block already.
enum class MapDamage { corrupt_bitmap, unreadable_bitmap, corrupt_leaf, unreadable_leaf };

// Unmounts everything, for which nothing may be open, and mounts the bare filesystem again. Throws
// SetupError.
void remountBare(Subject& subject);
// What "data" has there after that. Throws SetupError.
std::string pageAfterARemount(Subject& subject, off_t offset);
// The oracle of D: throws SetupError if the page is there after a remount.
void mustBeOnNoDisk(Subject& subject, off_t offset, const std::string& page);

class SilentLoss {
 public:
  // Prepares the file "data", whose page at offset() is going to be lost: behind what it has from
  // the start, there are preallocated pages, none next to another, and then a hole. Throws
  // SetupError.
  SilentLoss(Subject& subject, filesystems::Loss loss,
             MapDamage damage = MapDamage::corrupt_bitmap);

  // Has everything written back, writes the page, damages the disk, lets `writeback` bring the page
  // there, and repairs the disk. Throws SetupError, and what `writeback` throws.
  void happen(const std::function<void()>& writeback);
  // The same in steps, for a case that does more in between.
  void settle();
  void dirty();  // settles first
  void writeBackUnderDamage(const std::function<void()>& writeback);
  // For a conversion: `start` begins to write the page, which waits; `end` lets it end.
  void convertUnderDamage(const std::function<void()>& start, const std::function<void()>& end);

  // In "data", in bytes: a page of its own, preallocated or in the hole.
  off_t offset() const;
  // The nth preallocated page.
  static off_t preallocated(int number);
  // What the filesystem says when it loses the page.
  int error() const;
  // What a call has said, with EIO as ENOSPC, which D1 allows both, and any error of an abort as
  // EIO: D3 names none.
  sys::Result allowed(const sys::Result& result) const;
  // Throws SetupError if the page can still be read from the file, which may have no name.
  void mustBeGoneFrom(const sys::File& file) const;
  // As the functions above, for the page.
  std::string pageAfterARemount() { return conformance::pageAfterARemount(subject_, offset()); }
  void mustBeOnNoDisk() { conformance::mustBeOnNoDisk(subject_, offset(), written_); }

 private:
  void forgetLeaf();
  void writeBackUnmapped(const std::function<void()>& writeback);

  Subject& subject_;
  filesystems::Loss loss_;
  MapDamage damage_;
  sys::SectorRange needed_;  // what the filesystem will not find
  sys::SectorRange page_;    // for a conversion: where the page is going to be
  std::string written_;
};

// What a file has there, up to a block. Throws SetupError.
std::string pageOf(const std::string& path, off_t offset);

// sync(2), which tells nobody of an error.
void syncEverything();

}  // namespace conformance
