// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/file_handle.h"

#include <unistd.h>

#include <cerrno>

#include "sys/setup_error.h"

namespace conformance {

sys::Result FileHandle::take(const sys::File& file) {
  handle_.handle_bytes = MAX_HANDLE_SZ;
  int mount_id = 0;
  return sys::Result::ofCall(
      ::name_to_handle_at(file.descriptor(), "", &handle_, &mount_id, AT_EMPTY_PATH));
}

sys::Descriptor FileHandle::open(const sys::File& mount, int flags) {
  return sys::Descriptor(::open_by_handle_at(mount.descriptor(), &handle_, flags | O_CLOEXEC));
}

// An O_PATH descriptor would not do, and the working directory does.
sys::Descriptor FileHandle::openIn(const std::string& directory, int flags) {
  const sys::File before(".", O_PATH | O_DIRECTORY);
  sys::require(::chdir(directory.c_str()), "chdir", directory);
  sys::Descriptor opened(::open_by_handle_at(AT_FDCWD, &handle_, flags | O_CLOEXEC));
  const int error = errno;
  sys::require(::fchdir(before.descriptor()), "fchdir", "the directory before");
  errno = error;
  return opened;
}

}  // namespace conformance
