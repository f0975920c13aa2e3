// SPDX-License-Identifier: GPL-2.0-only
#include "sys/debugfs.h"

#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

#include "sys/setup_error.h"

namespace sys {

bool mountDebugfs() {
  if (::access(kDebugfs, F_OK) != 0) return false;
  if (::mount("debugfs", kDebugfs, "debugfs", 0, nullptr) != 0 && errno != EBUSY) {
    throw SetupError("mount", kDebugfs, errno);
  }
  return true;
}

}  // namespace sys
