// SPDX-License-Identifier: GPL-2.0
// A13: after a read-only remount syncfs skips the sync and still checks the cursor.
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A13, OpenFdStillReports) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_OK(subject.remountReadOnly());
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A13, LateOpenerStillReports) {
  subject.loseWriteback();
  EXPECT_OK(subject.remountReadOnly());
  EXPECT_ERRNO(subject.open("data", O_RDONLY).syncfs(), EIO);
  EXPECT_OK(subject.open("data", O_RDONLY).syncfs());
}

// The upper filesystem itself is still writable: an error can follow the remount.
CASE(A13, ErrorAfterTheRemountIsReported, .subjects = kOverlayOnly) {
  const File file = subject.open("data", O_RDONLY);
  EXPECT_OK(subject.remountReadOnly());
  subject.loseWritebackThrough(subject.upper());
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
