// SPDX-License-Identifier: GPL-2.0-only
// A17: fsync, fdatasync and O_SYNC writes, also through io_uring, as on the bare filesystem, with
// cursors of their own.
#include <fcntl.h>

#include <array>
#include <functional>
#include <optional>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/needs.h"
#include "sys/ring.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;
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

// A synchronous write gets the error itself, and syncfs on another file then reports it once.
void failsAtOnce(Subject& subject, const std::function<Result()>& write,
                 CalledFrom = Line::current()) {
  const File watching = subject.open("other");
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(write(), EIO);
  fault.heal();
  EXPECT_ERRNO(subject.open("other", O_RDONLY).syncfs(), EIO) << "a late opener: it was unseen";
  EXPECT_ERRNO(watching.syncfs(), EIO);
  EXPECT_OK(watching.syncfs());
}

CASE(A17, SynchronousWriteFailsAtOnce) {
  const File file = subject.open("data", O_RDWR | O_SYNC);
  failsAtOnce(subject, [&] { return file.pwrite(sys::freshBytes(kDataBytes), 0); });
  EXPECT_ERRNO(file.syncfs(), EIO) << "its own cursor";
}

CASE(A17, DataSynchronousWriteFailsAtOnce) {
  const File file = subject.open("data", O_RDWR | O_DSYNC);
  failsAtOnce(subject, [&] { return file.pwrite(sys::freshBytes(kDataBytes), 0); });
}

CASE(A17, DirectWriteThroughIoUringFailsAtOnce) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data", O_RDWR | O_DIRECT);
  alignas(kBytes) static constexpr std::array<char, kDataBytes> kZeroes{};
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(ring->pwrite(file, {kZeroes.data(), kZeroes.size()}, 0), EIO);
  fault.heal();
}

// What its fsync says when nothing can be written any more.
CASE(A17, FsyncOfADirectoryAnswersAsPlain, .as_plain = true) {
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  EXPECT_OK(create(subject, "upper-dir/new-name"));
  Fault fault = subject.disk.breakAll();
  COMPARE(directory.fsync());
  fault.heal();
}

CASE(A17, SynchronousWriteThroughIoUringFailsAtOnce) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data", O_RDWR | O_SYNC);
  failsAtOnce(subject, [&] { return ring->pwrite(file, sys::freshBytes(kDataBytes), 0); });
}

CASE(A17, FsyncThroughIoUringThatMeetsTheErrorFails) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data");
  failsAtOnce(subject, [&] {
    EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
    return ring->fsync(file);
  });
}

// Some of the pages are on broken sectors.
CASE(A17, FsyncOfARangeThroughIoUringWritesIt) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data");
  Fault fault = subject.breakData("data");
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  Result told = Result::success();
  for (off_t page = kBytes; page != kDataBytes && told.ok(); page += kBytes) {
    told = ring->fsync(file, page, kBytes);
  }
  EXPECT_ERRNO(told, EIO);
  (void)file.fsync();  // writes the other pages
  fault.heal();
}

CASE(A17, FsyncThroughIoUringReportsOnce) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data");
  EXPECT_OK(ring->fsync(file));
  subject.loseWriteback();
  EXPECT_ERRNO(ring->fsync(file), EIO);
  EXPECT_OK(ring->fsync(file));
  EXPECT_OK(file.fsync());
}

CASE(A17, FdatasyncThroughIoUringReportsOnce) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(ring->fdatasync(file), EIO);
  EXPECT_OK(ring->fdatasync(file));
}

CASE(A17, FsyncThroughIoUringLeavesSyncfsItsOwn) {
  std::optional<Ring> ring;
  needRing(ring);
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(ring->fsync(file), EIO);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(ring->fsync(file));
}

}  // namespace
}  // namespace conformance
