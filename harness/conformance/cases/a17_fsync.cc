// SPDX-License-Identifier: GPL-2.0
// A17: fsync, fdatasync and O_SYNC writes, also through io_uring, as on the bare filesystem, with
// cursors of their own.
#include "conformance/case.h"
#include "sys/ring.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Ring;

CASE(A17, EveryOpenFdsFsyncReportsOnce) {
  const File first = subject.open("data");
  const File second = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(first.fsync(), EIO);
  EXPECT_ERRNO(second.fsync(), EIO);
  EXPECT_OK(first.fsync());
  EXPECT_OK(second.fsync());
}

CASE(A17, FdatasyncReportsOnce) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.fdatasync(), EIO);
  EXPECT_OK(file.fdatasync());
}

CASE(A17, FsyncOfAnotherFileSucceeds) {
  const File file = subject.open("other");
  subject.loseWriteback("data");
  EXPECT_OK(file.fsync());
}

CASE(A17, FsyncReportLeavesSyncfsItsOwn) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

CASE(A17, SyncfsReportLeavesFsyncItsOwn) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(file.fsync());
}

CASE(A17, SynchronousWriteFailsAtOnce) {
  const File watching = subject.open("other");
  const File file = subject.open("data", O_RDWR | O_SYNC);
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(file.pwrite(sys::freshBytes(kDataBytes), 0), EIO);
  fault.heal();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_ERRNO(watching.syncfs(), EIO);
}

CASE(A17, DataSynchronousWriteFailsAtOnce) {
  const File file = subject.open("data", O_RDWR | O_DSYNC);
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(file.pwrite(sys::freshBytes(kDataBytes), 0), EIO);
  fault.heal();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
}

// The ring, where the kernel has one.
void withRing(const std::function<void(Ring&)>& use) {
  std::optional<Ring> ring;
  try {
    ring.emplace();
  } catch (const sys::SetupError& error) {
    if (error.error() != ENOSYS) throw;
    skip("the kernel has no io_uring (CONFIG_IO_URING)");
  }
  use(*ring);
}

CASE(A17, SynchronousWriteThroughIoUringFailsAtOnce) {
  withRing([&](Ring& ring) {
    const File file = subject.open("data", O_RDWR | O_SYNC);
    Fault fault = subject.breakData("data");
    EXPECT_ERRNO(ring.pwrite(file, sys::freshBytes(kDataBytes), 0), EIO);
    fault.heal();
    EXPECT_OK(ring.pwrite(file, sys::freshBytes(kDataBytes), 0));
  });
}

CASE(A17, FsyncThroughIoUringReportsOnce) {
  withRing([&](Ring& ring) {
    const File file = subject.open("data");
    EXPECT_OK(ring.fsync(file));
    subject.loseWriteback();
    EXPECT_ERRNO(ring.fsync(file), EIO);
    EXPECT_OK(ring.fsync(file));
    EXPECT_OK(file.fsync());
  });
}

CASE(A17, FdatasyncThroughIoUringReportsOnce) {
  withRing([&](Ring& ring) {
    const File file = subject.open("data");
    subject.loseWriteback();
    EXPECT_ERRNO(ring.fdatasync(file), EIO);
    EXPECT_OK(ring.fdatasync(file));
  });
}

CASE(A17, FsyncThroughIoUringLeavesSyncfsItsOwn) {
  withRing([&](Ring& ring) {
    const File file = subject.open("data");
    subject.loseWriteback();
    EXPECT_ERRNO(ring.fsync(file), EIO);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_OK(ring.fsync(file));
  });
}

}  // namespace
}  // namespace conformance
