// SPDX-License-Identifier: GPL-2.0-only
// FuseFile: a file that a thread of this process serves (FUSE), and that fails to write with any
// errno.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

#include "sys/descriptor.h"
#include "sys/open_file.h"

namespace sys {

class FuseFile {
 public:
  // Whether the kernel has FUSE (CONFIG_FUSE_FS).
  static bool isPossible();
  // It has so many bytes, all zero; every write fails with this errno. It has no name. Throws
  // SetupError.
  FuseFile(std::uint64_t bytes, int error);
  FuseFile(const FuseFile&) = delete;
  FuseFile& operator=(const FuseFile&) = delete;
  // Nobody else may have it open.
  ~FuseFile();

  const File& file() const { return *file_; }
  // From now on a write waits for so long before it fails.
  void failAfter(std::chrono::milliseconds delay) { delay_ = delay; }

 private:
  std::atomic<std::chrono::milliseconds> delay_ = std::chrono::milliseconds(0);
  Descriptor connection_;
  std::jthread server_;  // ends once the file is closed
  std::optional<File> file_;
};

}  // namespace sys
