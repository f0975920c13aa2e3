// SPDX-License-Identifier: GPL-2.0-only
// What the cases of D expect of a loss.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/fd_kinds.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {

// Frees the block of a page. Throws SetupError.
inline void punchHole(const sys::File& file, off_t offset, const std::string& path) {
  constexpr int kPunch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  sys::require(::fallocate(file.descriptor(), kPunch, offset, sys::kBlockBytes), "punch a hole in",
               path);
}

inline void happensInASync(SilentLoss& loss) {
  loss.happen(syncEverything);
}

// Nobody asks while it happens; then each fd is asked.
inline void everyKindReports(Subject& subject, SilentLoss loss,
                             const std::function<void(SilentLoss&)>& happen = happensInASync,
                             CalledFrom = Line::current()) {
  {
    const std::vector<OpenedFd> fds = openEveryKind(subject, "");
    happen(loss);
    for (const OpenedFd& fd : fds) {
      EXPECT_ERRNO(loss.allowed(fd.file.syncfs()), loss.error()) << "for " << fd.kind;
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
    happensInASync(loss);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_ERRNO(file.syncfs(), EIO);
  }
  loss.mustBeOnNoDisk();
}

}  // namespace conformance
