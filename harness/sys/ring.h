// SPDX-License-Identifier: GPL-2.0-only
// Ring: the owner of one io_uring.
#pragma once

#include <liburing.h>

#include <string>
#include <string_view>

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

// One request at a time, each waited for: the cases compare answers, not speed.
class Ring {
 public:
  // Throws SetupError (ENOSYS: the kernel has no io_uring; EPERM: it is disabled).
  Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  [[nodiscard]] Result fsync(const File& file);
  [[nodiscard]] Result fdatasync(const File& file);
  // Of so many bytes from this one.
  [[nodiscard]] Result fsync(const File& file, off_t offset, unsigned bytes);
  // As pread(2), at `offset` (bytes): what was read is in `bytes`, whose size is how much to read.
  [[nodiscard]] Result pread(const File& file, std::string& bytes, off_t offset);
  // As File::pwrite(): all of `data` at `offset` (bytes), SetupError when only a part was written.
  // flags: of pwritev2(2), RWF_SYNC.
  [[nodiscard]] Result pwrite(const File& file, std::string_view data, off_t offset, int flags = 0);

 private:
  // flags: of io_uring; no bytes: up to the end.
  Result fsync(const File& file, unsigned flags, off_t offset, unsigned bytes);
  io_uring_sqe* freeEntry();
  // Submits what was prepared and waits for its answer.
  Result submit();

  io_uring ring_{};
};

}  // namespace sys
