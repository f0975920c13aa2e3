// SPDX-License-Identifier: GPL-2.0-only
// D: what the filesystem below loses although no write of it fails. The oracle is the disk: the
// page is not there after a remount.
#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <vector>

#include "conformance/case.h"
#include "conformance/fault.h"
#include "conformance/fd_kinds.h"
#include "conformance/silent_loss.h"
#include "conformance/workspace.h"
#include "sys/device_blocks.h"
#include "sys/extents.h"
#include "sys/mapping.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;

// Nobody asks while it happens; then each fd is asked.
void everyKindReports(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
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

void everyFdsFsyncReports(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
  {
    const File first = subject.open("data");
    const File second = subject.open("data", O_RDONLY);
    loss.happen(syncEverything);
    for (const File* file : {&first, &second}) {
      EXPECT_ERRNO(file->fsync(), loss.error());
      EXPECT_OK(file->fsync());
    }
  }
  loss.mustBeOnNoDisk();
}

// The fsync that meets it is told, and so are the others.
void fsyncThatMeetsItIsNotAlone(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
  {
    const File meets = subject.open("data");
    const File other = subject.open("data");
    const File directory = subject.open("upper-dir", O_RDONLY);
    loss.happen([&] { EXPECT_ERRNO(meets.fsync(), loss.error()); });
    EXPECT_OK(meets.fsync());
    EXPECT_ERRNO(other.fsync(), loss.error());
    EXPECT_OK(other.fsync());
    EXPECT_ERRNO(directory.syncfs(), loss.error());
    EXPECT_OK(directory.syncfs());
  }
  loss.mustBeOnNoDisk();
}

CASE(D1, EveryKindOfFdReportsABitmapThatIsCorrupt, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation});
}

CASE(D1, EveryKindOfFdReportsABitmapThatCannotBeRead, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation, BitmapDamage::unreadable});
}

CASE(D1, EveryFdsFsyncReports, .loss = Loss::allocation) {
  everyFdsFsyncReports(subject, {subject, Loss::allocation});
}

CASE(D1, TheFsyncThatMeetsItIsNotTheOnlyOneToReport, .loss = Loss::allocation) {
  fsyncThatMeetsItIsNotAlone(subject, {subject, Loss::allocation});
}

CASE(D1, TheFsyncThatMeetsAnUnreadableBitmapIsNotTheOnlyOneToReport, .loss = Loss::allocation) {
  fsyncThatMeetsItIsNotAlone(subject, {subject, Loss::allocation, BitmapDamage::unreadable});
}

// A file that was unlinked and is open can lose data, too.
CASE(D1, AFileWithoutANameReports, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY);
  loss.dirty();
  sys::require(::unlink(subject.path("data").c_str()), "unlink", subject.path("data"));
  loss.writeBackUnderDamage(syncEverything);
  EXPECT_ERRNO(file.fsync(), loss.error());
  EXPECT_OK(file.fsync());
  EXPECT_ERRNO(directory.syncfs(), loss.error());
  EXPECT_OK(directory.syncfs());
  loss.mustBeGoneFrom(file);
}

// A volatile overlay syncs nothing, and its sync calls keep failing (V3).
void volatileOverlayNotices(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
  {
    const File file = subject.open("data");
    loss.happen(syncEverything);
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_ERRNO(file.syncfs(), EIO);
  }
  loss.mustBeOnNoDisk();
}

CASE(D1, AVolatileOverlayNotices, .subjects = kVolatileOnly, .loss = Loss::allocation) {
  volatileOverlayNotices(subject, {subject, Loss::allocation});
}

// Of three pages that are written back together, the first is in a hole and gets no block. The
// second is preallocated; looking for what belongs to it ends at the third, which has its block
// already.
CASE(D1, WhatHasBlocksIsWritten, .loss = Loss::allocation) {
  constexpr off_t kPage = sys::kBlockBytes, kHole = 0, kPreallocated = 2 * kPage;
  constexpr off_t kWritten = kPreallocated + kPage;
  SilentLoss loss(subject, Loss::allocation);
  const std::string path = subject.upper().path("data"), kept = sys::freshBytes(kPage);
  {
    const File bare(path);
    for (const off_t at : {kHole, kPreallocated}) {
      constexpr int kPunch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
      sys::require(::fallocate(bare.descriptor(), kPunch, at, kPage), "punch a hole in", path);
    }
    sys::require(::fallocate(bare.descriptor(), 0, kPreallocated, kPage), "fallocate in", path);
    const File file = subject.open("data");
    loss.dirty();
    for (const off_t at : {kHole, kPreallocated, kWritten}) EXPECT_OK(file.pwrite(kept, at));
    loss.writeBackUnderDamage(syncEverything);
  }
  loss.mustBeOnNoDisk();
  EXPECT_FALSE(pageOf(path, kHole) == kept);
  EXPECT_TRUE(pageOf(path, kPreallocated) == kept);
  EXPECT_TRUE(pageOf(path, kWritten) == kept);
}

CASE(D2, EveryKindOfFdReports, .loss = Loss::conversion) {
  everyKindReports(subject, {subject, Loss::conversion});
}

CASE(D2, EveryFdsFsyncReports, .loss = Loss::conversion) {
  everyFdsFsyncReports(subject, {subject, Loss::conversion});
}

CASE(D2, TheFsyncThatMeetsItIsNotTheOnlyOneToReport, .loss = Loss::conversion) {
  fsyncThatMeetsItIsNotAlone(subject, {subject, Loss::conversion});
}

// Both losses are recorded; who has not asked in between gets one report.
CASE(D2, WhatIsLostTwiceIsReportedTwice, .loss = Loss::conversion) {
  SilentLoss loss(subject, Loss::conversion);
  {
    const File asks = subject.open("data");
    const File waits = subject.open("data");
    for (int time = 1; time <= 2; ++time) {
      loss.happen(syncEverything);
      EXPECT_ERRNO(asks.fsync(), loss.error()) << "the loss number " << time;
      EXPECT_OK(asks.fsync());
      EXPECT_ERRNO(asks.syncfs(), loss.error()) << "the loss number " << time;
      EXPECT_OK(asks.syncfs());
    }
    EXPECT_ERRNO(waits.fsync(), loss.error());
    EXPECT_OK(waits.fsync());
    EXPECT_ERRNO(waits.syncfs(), loss.error());
    EXPECT_OK(waits.syncfs());
  }
  loss.mustBeOnNoDisk();
}

// Writes the page once the disk works. It is in the cache, and its extent is still unwritten.
std::string writtenAgain(const File& file, const SilentLoss& loss) {
  std::string kept = sys::freshBytes(sys::kBlockBytes);
  EXPECT_OK(file.pwrite(kept, loss.offset()));
  EXPECT_OK(file.fsync());
  return kept;
}

void mustBeThere(const std::string& kept, SilentLoss& loss) {
  EXPECT_TRUE(loss.pageAfterARemount() == kept) << "what was written again is gone";
}

CASE(D2, WhatIsWrittenAgainIsThere, .loss = Loss::conversion) {
  SilentLoss loss(subject, Loss::conversion);
  std::string kept;
  {
    const File file = subject.open("data");
    const auto bytes = static_cast<std::size_t>(loss.offset()) + sys::kBlockBytes;
    const sys::Mapping mapping(file, bytes);
    mapping.read(bytes);  // what is mapped stays in the cache
    loss.happen(syncEverything);
    EXPECT_ERRNO(file.fsync(), loss.error());
    kept = writtenAgain(file, loss);
  }
  mustBeThere(kept, loss);
}

CASE(D2, WhatIsWrittenAgainAfterAFailedWriteIsThere, .loss = Loss::conversion) {
  SilentLoss loss(subject, Loss::conversion);
  const sys::SectorRange page = sys::firstUnwrittenExtent(subject.upper().open("data"), "data");
  std::string kept;
  {
    const File file = subject.open("data");
    loss.dirty();
    Fault fault = subject.disk.breakSectors(page, "the page");
    EXPECT_ERRNO(file.fsync(), EIO);
    fault.heal();
    kept = writtenAgain(file, loss);
  }
  mustBeThere(kept, loss);
}

CASE(D2, AVolatileOverlayNotices, .subjects = kVolatileOnly, .loss = Loss::conversion) {
  volatileOverlayNotices(subject, {subject, Loss::conversion});
}

CASE(D3, EveryKindOfFdReports, .loss = Loss::transaction) {
  everyKindReports(subject, {subject, Loss::transaction});
}

CASE(D3, AVolatileOverlayNotices, .subjects = kVolatileOnly, .loss = Loss::transaction) {
  volatileOverlayNotices(subject, {subject, Loss::transaction});
}

CASE(D4, WhatWasTruncatedIsNotLost, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  loss.dirty();
  loss.writeBackUnderDamage([&] {
    EXPECT_EQ(::ftruncate(file.descriptor(), loss.offset()), 0);
    syncEverything();
  });
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

CASE(D4, WhatWasRemovedIsNotLost, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  loss.dirty();
  const File directory = subject.open("upper-dir", O_RDONLY);
  loss.writeBackUnderDamage([&] {
    sys::require(::unlink(subject.path("data").c_str()), "unlink", subject.path("data"));
    syncEverything();
  });
  EXPECT_OK(directory.syncfs());
}

// Preallocates a file until nothing is free. Throws SetupError.
void fillUp(Subject& subject, const std::string& name) {
  const std::string path = subject.upper().path(name);
  // The blocks that ext4 keeps for itself would serve the page that must not find one.
  const std::string node = subject.disk.node();
  const std::string reserved = "/sys/fs/ext4" + node.substr(node.rfind('/')) + "/reserved_clusters";
  const File setting(reserved, O_WRONLY);
  sys::require(setting.pwrite("0", 0), "write", reserved);
  const File file = subject.upper().open(name, O_RDWR | O_CREAT);
  off_t end = 0;
  for (off_t step = 1 << 20; step >= static_cast<off_t>(sys::kBlockBytes);) {
    const auto result = sys::Result::ofCall(::fallocate(file.descriptor(), 0, end, step));
    if (!result.ok() && result.error() != ENOSPC) sys::require(result, "fallocate", path);
    result.ok() ? end += step : step /= 2;
  }
  sys::require(file.fsync(), "fsync", path);
}

// What is freed can be allocated again only after the transaction that frees it: ext4 tries again.
CASE(D4, NoSpaceUntilACommitIsNoLoss, .loss = Loss::allocation) {
  const File file = subject.open("data");
  fillUp(subject, "filler");
  const off_t end = static_cast<off_t>(kDataBytes + 2 * sys::kBlockBytes);
  EXPECT_EQ(::ftruncate(file.descriptor(), end), 0);
  sys::require(::unlink(subject.upper().path("filler").c_str()), "unlink", "filler");
  EXPECT_OK(file.pwrite(sys::freshBytes(sys::kBlockBytes), kDataBytes));
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

sys::Result writeDirect(const File& file, off_t offset) {
  alignas(sys::kBlockBytes) static constexpr char kPage[sys::kBlockBytes] = {};
  return file.pwrite({kPage, sizeof(kPage)}, offset);
}

CASE(D4, ADirectWriteTellsItsCallerAlone, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  const File direct = subject.open("data", O_RDWR | O_DIRECT);
  loss.settle();
  loss.writeBackUnderDamage([&] { EXPECT_ERRNO(writeDirect(direct, loss.offset()), ENOSPC); });
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
