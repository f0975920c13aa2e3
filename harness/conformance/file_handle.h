// SPDX-License-Identifier: GPL-2.0
// FileHandle: what names a file without a path.
#pragma once

#include <fcntl.h>

#include "sys/descriptor.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

class FileHandle {
 public:
  // That of an open file: name_to_handle_at(2) with an empty path.
  [[nodiscard]] sys::Result take(const sys::File& file);
  // Opens it with O_CLOEXEC on top of these flags: open_by_handle_at(2). None, and errno, if it
  // fails. mount: any file of the same mount.
  [[nodiscard]] sys::Descriptor open(const sys::File& mount, int flags);

 private:
  union {
    file_handle handle_;
    char bytes_[sizeof(file_handle) + MAX_HANDLE_SZ] = {};
  };
};

}  // namespace conformance
