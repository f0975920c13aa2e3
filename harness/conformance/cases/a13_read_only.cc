// SPDX-License-Identifier: GPL-2.0-only
// A13: after a read-only remount syncfs skips the sync and still checks the cursor.
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A13, OpenFdStillReports) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_OK(subject.mount.remountReadOnly());
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A13, LateOpenerStillReports) {
  subject.loseWriteback();
  EXPECT_OK(subject.mount.remountReadOnly());
  EXPECT_ERRNO(subject.open("data", O_RDONLY).syncfs(), EIO);
  EXPECT_OK(subject.open("data", O_RDONLY).syncfs());
}

// The upper filesystem itself is still writable, so an error can follow the remount.
CASE(A13, ErrorAfterTheRemountIsReported, .subjects = kOverlayOnly) {
  const File file = subject.open("data", O_RDONLY);
  EXPECT_OK(subject.mount.remountReadOnly());
  subject.loseWritebackThrough(subject.upper());
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A13, SyncIsSkipped, .subjects = kOverlayOnly) {
  const File file = subject.open("data", O_RDONLY);
  EXPECT_OK(subject.mount.remountReadOnly());
  const File on_upper = subject.upper().open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(on_upper.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_OK(file.syncfs());
  EXPECT_EQ(fault.failedWrites(), 0U) << "the upper filesystem was synced";
  // There was something to sync.
  EXPECT_ERRNO(on_upper.fsync(), EIO);
  fault.heal();
}

}  // namespace
}  // namespace conformance
