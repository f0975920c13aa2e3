// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/filesystem_actions.h"

#include <cerrno>
#include <utility>

#include "conformance/workspace.h"
#include "sys/btrfs.h"
#include "sys/direct_read.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {

using filesystems::DataPlace;
using filesystems::DeviceMemory;
using filesystems::ErrorRecord;
using filesystems::Filesystem;

// Each switch names every value, so that a new one does not compile until it is handled here.

std::vector<sys::SectorRange> dataSectors(const Filesystem& filesystem, const sys::File& file,
                                          const std::string& path) {
  switch (filesystem.data_place) {
    case DataPlace::same_sectors:
      return sys::fileSectors(file, path);
    case DataPlace::any_chunk:
      return sys::btrfsDataSectors(file, path);
  }
  std::unreachable();
}

std::string dataInWords(const Filesystem& filesystem, const std::string& path) {
  switch (filesystem.data_place) {
    case DataPlace::same_sectors:
      return "the data of " + path;
    case DataPlace::any_chunk:
      return "all data of the filesystem";
  }
  std::unreachable();
}

std::optional<sys::File> errorWaiter(const Filesystem& filesystem, const std::string& path) {
  switch (filesystem.error_record) {
    case ErrorRecord::in_writeback:
      return std::nullopt;
    case ErrorRecord::ordered_extents:
      return sys::directReader(path);
  }
  std::unreachable();
}

void waitForErrors(const sys::File& waiter) {
  sys::waitForOrderedExtents(waiter, kDataBytes);
}

void forgetDevice(const Filesystem& filesystem, const std::string& node) {
  switch (filesystem.device_memory) {
    case DeviceMemory::none:
      return;
    case DeviceMemory::btrfs_control: {
      const sys::Result forgotten = sys::forgetBtrfsDevice(node);
      if (!forgotten.ok() && forgotten.error() != ENOENT) {
        throw sys::SetupError("forget", node, forgotten.error());
      }
      return;
    }
  }
  std::unreachable();
}

}  // namespace conformance
