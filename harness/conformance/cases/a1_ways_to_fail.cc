// SPDX-License-Identifier: GPL-2.0-only
// A1, A8: there is one report, however data is lost and whoever starts the writeback, and none if
// no data is lost.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <functional>

#include "conformance/case.h"
#include "conformance/needs.h"
#include "sys/direct_read.h"
#include "sys/mapping.h"
#include "sys/memory_hog.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using sys::File;

// Dirties data that cannot be written, lets the callback start writeback, and expects one report
// for each open fd.
void oneReportWhen(Subject& subject, const std::function<void(Fault&)>& writeback_starts,
                   CalledFrom = Line::current()) {
  const File file = subject.open("data");
  const File other = subject.open("other", O_RDONLY);
  Fault fault = subject.breakData();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  writeback_starts(fault);
  fault.waitUntilHit();
  fault.heal();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_ERRNO(other.syncfs(), EIO);
  EXPECT_OK(other.syncfs());
}

CASE(A1, ErrorThatSyncMeets) {
  oneReportWhen(subject, [](Fault&) { ::sync(); });
}

CASE(A1, ErrorThatTheFlusherMeets) {
  oneReportWhen(subject, [](Fault& fault) {
    const sys::Sysctl expire("vm/dirty_expire_centisecs", 1);
    const sys::Sysctl interval("vm/dirty_writeback_centisecs", 1);
    fault.waitUntilHit();
  });
}

// The writer itself is made to wait until the flusher has caught up.
CASE(A1, ErrorThatAThrottledWriterMeets, .long_running = true) {
  // Setting one of the two clears the other, so the other is the one to restore.
  const sys::Sysctl limit("vm/dirty_bytes", 4L * ::getpagesize(), "vm/dirty_ratio");
  oneReportWhen(subject, [&](Fault&) {
    EXPECT_OK(subject.open("data").pwrite(sys::freshBytes(kDataBytes), 0));
  });
}

// Memory is short until reclaim finds the dirty pages and wakes the flusher.
CASE(A1, ErrorThatReclaimMeets, .long_running = true, .limit_seconds = 120) {
  oneReportWhen(subject, [](Fault& fault) {
    const sys::MemoryHog hog;
    fault.waitUntilHit(std::chrono::seconds(100));
  });
}

CASE(A1, ErrorThatFadviseMeets) {
  oneReportWhen(subject, [&](Fault&) {
    const File file = subject.upper().open("data");
    sys::require(::posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_DONTNEED), "fadvise",
                 "POSIX_FADV_DONTNEED");
  });
}

CASE(A1, DataWrittenThroughAMapping) {
  const File file = subject.open("data");
  Fault fault = subject.breakData("data", FaultKind::error_writes);  // a store reads the page first
  {
    const sys::Mapping mapping(file, kDataBytes);
    mapping.write(sys::freshBytes(kDataBytes));
  }
  ::sync();
  fault.heal();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A1, DiskThatFailsWritesOnly) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::error_writes);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A1, SeveralFilesThatLoseDataAreOneReport) {
  const File first = subject.open("data");
  const File second = subject.open("other");
  const File watching = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  Fault fault = subject.disk.breakData({"data", "other"});
  EXPECT_OK(first.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_OK(second.pwrite(sys::freshBytes(kDataBytes), 0));
  ::sync();
  fault.heal();
  EXPECT_ERRNO(first.fsync(), EIO);
  EXPECT_ERRNO(second.fsync(), EIO);
  for (const File* file : {&watching, &first, &second}) {
    EXPECT_ERRNO(file->syncfs(), EIO);
    EXPECT_OK(file->syncfs());
  }
}

// Failed reads lose no dirty data.
CASE(A8, ReadsThatFailAreNoReport) {
  const File file = subject.open("data");
  const File reader = sys::directReader(subject.path("data"));
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(sys::readDirect(reader, kDataBytes), EIO);
  char byte = 0;  // through the page cache, in the middle, which certainly fails
  EXPECT_ERRNO(sys::Result::ofCall(::pread(file.descriptor(), &byte, 1, kDataBytes / 2)), EIO);
  EXPECT_OK(file.syncfs());
  fault.healAfterReads();
  EXPECT_OK(file.syncfs());
  EXPECT_OK(subject.open("data").syncfs());
}

CASE(A1, WithEveryFsyncOptionThatSyncs, .subjects = kOverlayOnly) {
  needFsyncOption(subject);
  for (const char* option : {"fsync=auto", "fsync=strict"}) {
    SCOPED_TRACE(option);
    const View* view = mounted(subject, subject.beside.mountOverlay(option));
    if (view == nullptr) return;
    const File file = view->open("data");
    subject.loseWritebackThrough(*view);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_OK(file.syncfs());
  }
}

}  // namespace
}  // namespace conformance
