// SPDX-License-Identifier: GPL-2.0-only
// What the cases of D expect of a loss, and a disk without space.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/fd_kinds.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {

// Nobody asks while it happens; then each fd is asked.
inline void everyKindReports(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
  {
    const std::vector<OpenedFd> fds = openEveryKind(subject, "");
    loss.happen(syncEverything);
    for (const OpenedFd& fd : fds) {
      EXPECT_ERRNO(fd.file.syncfs(), loss.error()) << "for " << fd.kind;
      EXPECT_OK(fd.file.syncfs()) << "the second time, for " << fd.kind;
    }
  }
  loss.mustBeOnNoDisk();
}

// A volatile overlay syncs nothing, and its sync calls keep failing (V3).
inline void volatileOverlayNotices(Subject& subject, SilentLoss loss,
                                   CalledFrom = Line::current()) {
  {
    const sys::File file = subject.open("data");
    loss.happen(syncEverything);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_ERRNO(file.syncfs(), EIO);
  }
  loss.mustBeOnNoDisk();
}

// Preallocates a file until nothing is free. Throws SetupError.
inline void fillUp(Subject& subject, const std::string& name) {
  const std::string path = subject.upper().path(name);
  // The blocks that ext4 keeps for itself would serve the page that must not find one.
  const std::string node = subject.disk.node();
  const std::string reserved = "/sys/fs/ext4" + node.substr(node.rfind('/')) + "/reserved_clusters";
  const sys::File setting(reserved, O_WRONLY);
  sys::require(setting.pwrite("0", 0), "write", reserved);
  const sys::File file = subject.upper().open(name, O_RDWR | O_CREAT);
  off_t end = 0;
  for (off_t step = 1 << 20; step >= static_cast<off_t>(sys::kBlockBytes);) {
    const auto result = sys::Result::ofCall(::fallocate(file.descriptor(), 0, end, step));
    if (!result.ok() && result.error() != ENOSPC) sys::require(result, "fallocate", path);
    result.ok() ? end += step : step /= 2;
  }
  sys::require(file.fsync(), "fsync", path);
}

}  // namespace conformance
