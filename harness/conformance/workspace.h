// SPDX-License-Identifier: GPL-2.0-only
// Workspace: the directories that the cases mount things on, and the lower layer that they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/failing_disk.h"
#include "sys/mounting.h"

namespace conformance {

// The size of every data file in bytes: enough to contain a whole region of the failing disk
// (kRegionSectors), wherever the file lies.
inline constexpr std::size_t kDataBytes = 2 * kRegionSectors * sys::kSectorBytes;

// A tmpfs of its own; the lower layer in it is written once, since no overlay ever changes it.
class Workspace {
 public:
  // Throws SetupError.
  Workspace();
  // A workspace at a place of the caller's choice, for interactive use: `root` and the first mount
  // points are created if they are missing.
  Workspace(const std::string& root, std::vector<std::string> mount_points);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();

  // "lower-file", "other-lower-file", "lower-dir" and "merged-dir" are in it.
  std::string lower() const { return root_ + "/lower"; }
  // The nth directory to mount something on.
  std::string mountPoint(std::size_t index);
  // The same, made anew: not even an extended attribute of an earlier case is left, which a later
  // overlay on it would find.
  std::string newDirectory(std::size_t index);

 private:
  void fill();

  std::string root_;
  std::vector<std::string> mount_points_;  // those that are not below root_
  std::size_t made_ = 0;                   // mount points that exist
  bool is_temporary_ = false;
  std::optional<sys::Mount> tmpfs_;
};

// Makes a directory; it may exist already. Throws SetupError.
void makeDirectory(const std::string& path);
// Makes a fifo, a socket or a device, by mknod(2). Throws SetupError.
void makeNode(const std::string& path, mode_t type, dev_t device = 0);
// Writes a file of kDataBytes, which is created if it is missing. Throws SetupError.
void writeDataFile(const std::string& path);
// Makes a directory that holds what every lower layer does: files, one with two names, directories,
// a symbolic link, a fifo, a socket and a device. Throws SetupError.
void fillLowerLayer(const std::string& layer);

}  // namespace conformance
