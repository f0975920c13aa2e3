// SPDX-License-Identifier: GPL-2.0-only
// FileHandle: names a file without a path.
#pragma once

#include <fcntl.h>

#include <string>

#include "sys/descriptor.h"
#include "sys/open_file.h"
#include "sys/result.h"

namespace conformance {

class FileHandle {
 public:
  // Takes the handle of an open file: name_to_handle_at(2) with an empty path.
  [[nodiscard]] sys::Result take(const sys::File& file);
  // Opens the file with these flags and O_CLOEXEC: open_by_handle_at(2). On failure, returns none
  // and sets errno. mount: any file of the same mount.
  [[nodiscard]] sys::Descriptor open(const sys::File& mount, int flags);
  // The same for the mount that shows this directory, in which nothing can be opened any more.
  // Throws SetupError if the working directory cannot become that one for a moment.
  [[nodiscard]] sys::Descriptor openIn(const std::string& directory, int flags);

 private:
  union {
    file_handle handle_;
    char bytes_[sizeof(file_handle) + MAX_HANDLE_SZ] = {};
  };
};

}  // namespace conformance
