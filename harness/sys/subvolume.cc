// SPDX-License-Identifier: GPL-2.0-only
#include "sys/subvolume.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>

#include <filesystem>

#include "sys/open_file.h"

namespace sys {
namespace {

Result control(const File& file, unsigned long request, void* argument) {
  return Result::ofCall(::ioctl(file.descriptor(), request, argument));
}

// With the name of `path`, in the directory above it.
Result controlIn(const File& parent, unsigned long request, const std::string& path,
                 int source = -1) {
  btrfs_ioctl_vol_args arguments{};
  arguments.fd = source;
  std::filesystem::path(path).filename().string().copy(arguments.name, BTRFS_PATH_NAME_MAX);
  return control(parent, request, &arguments);
}

File parentOf(const std::string& path) {
  return File(std::filesystem::path(path).parent_path(), O_RDONLY | O_DIRECTORY);
}

}  // namespace

Result makeSubvolume(const std::string& path) {
  return controlIn(parentOf(path), BTRFS_IOC_SUBVOL_CREATE, path);
}

Result makeSnapshot(const std::string& original, const std::string& path) {
  const File source(original, O_RDONLY | O_DIRECTORY);
  return controlIn(parentOf(path), BTRFS_IOC_SNAP_CREATE, path, source.descriptor());
}

Result deleteSubvolume(const std::string& path) {
  return controlIn(parentOf(path), BTRFS_IOC_SNAP_DESTROY, path);
}

Result freeDeletedSubvolumes(const std::string& path) {
  return control(File(path, O_RDONLY | O_DIRECTORY), BTRFS_IOC_SYNC, nullptr);
}

}  // namespace sys
