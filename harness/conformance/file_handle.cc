// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/file_handle.h"

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

}  // namespace conformance
