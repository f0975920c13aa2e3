// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/needs.h"

#include <cerrno>
#include <string>

#include "conformance/quirks.h"
#include "conformance/skip.h"
#include "sys/setup_error.h"

namespace conformance {

// Tries the option on an overlay without an upper layer, which writes nothing.
bool hasFsyncOption(Subject& subject) {
  const std::string layers =
      "lowerdir=" + subject.layers.freshDirectory() + ':' + subject.layers.freshDirectory();
  const sys::Result mounted = subject.beside.mountLayers(layers + ",fsync=auto");
  if (mounted == sys::Result::failure(EINVAL)) return false;
  if (!mounted.ok()) throw sys::SetupError("mount", "an overlay with fsync=", mounted.error());
  subject.beside.unmountLatest();
  return true;
}

void needFsyncOption(Subject& subject) {
  if (hasFsyncOption(subject)) return;
  skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_fsync_option);
}

void needRing(std::optional<sys::Ring>& ring) {
  // The guest would hang in a case that the quirk does not list.
  if (hangsWithIoUringWorkers()) {
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::no_io_uring_workers);
  }
  try {
    ring.emplace();
  } catch (const sys::SetupError& error) {
    if (error.error() != ENOSYS) throw;
    skip("the kernel has no io_uring (CONFIG_IO_URING)");
  }
}

void needUserNamespace(std::optional<sys::UserNamespace>& users) {
  try {
    users.emplace();
  } catch (const sys::SetupError& error) {
    if (error.error() != EINVAL) throw;
    skip("the kernel has no user namespaces (CONFIG_USER_NS)");
  }
}

}  // namespace conformance
