// SPDX-License-Identifier: GPL-2.0-only
// D1 to D3: what the filesystem below loses although no write of it fails. The oracle is the disk:
// the page is not there after a remount.
#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/losses.h"
#include "conformance/fault.h"
#include "conformance/fd_kinds.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/ext4.h"
#include "sys/extents.h"
#include "sys/mapping.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;

void everyFdsFsyncReports(Subject& subject, SilentLoss loss, CalledFrom = Line::current()) {
  {
    const File first = subject.open("data");
    const File second = subject.open("data", O_RDONLY);
    loss.happen(syncEverything);
    for (const File* file : {&first, &second}) {
      EXPECT_ERRNO(loss.allowed(file->fsync()), loss.error());
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
    loss.happen([&] { EXPECT_ERRNO(loss.allowed(meets.fsync()), loss.error()); });
    EXPECT_OK(meets.fsync());
    EXPECT_ERRNO(loss.allowed(other.fsync()), loss.error());
    EXPECT_OK(other.fsync());
    EXPECT_ERRNO(loss.allowed(directory.syncfs()), loss.error());
    EXPECT_OK(directory.syncfs());
  }
  loss.mustBeOnNoDisk();
}

CASE(D1, EveryKindOfFdReportsABitmapThatIsCorrupt, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation});
}

CASE(D1, EveryKindOfFdReportsABitmapThatCannotBeRead, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation, MapDamage::unreadable_bitmap});
}

// The page has a block, and none that is reserved: it was preallocated.
CASE(D1, EveryKindOfFdReportsALeafThatIsCorrupt, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation, MapDamage::corrupt_leaf});
}

CASE(D1, EveryKindOfFdReportsALeafThatCannotBeRead, .loss = Loss::allocation) {
  everyKindReports(subject, {subject, Loss::allocation, MapDamage::unreadable_leaf});
}

CASE(D1, EveryFdsFsyncReports, .loss = Loss::allocation) {
  everyFdsFsyncReports(subject, {subject, Loss::allocation});
}

CASE(D1, TheFsyncThatMeetsItIsNotTheOnlyOneToReport, .loss = Loss::allocation) {
  fsyncThatMeetsItIsNotAlone(subject, {subject, Loss::allocation});
}

CASE(D1, TheFsyncThatMeetsAnUnreadableBitmapIsNotTheOnlyOneToReport, .loss = Loss::allocation) {
  fsyncThatMeetsItIsNotAlone(subject, {subject, Loss::allocation, MapDamage::unreadable_bitmap});
}

// A file that was unlinked and is open can lose data, too.
CASE(D1, AFileWithoutANameReports, .loss = Loss::allocation) {
  SilentLoss loss(subject, Loss::allocation);
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY);
  loss.dirty();
  sys::require(::unlink(subject.path("data").c_str()), "unlink", subject.path("data"));
  loss.writeBackUnderDamage(syncEverything);
  EXPECT_ERRNO(loss.allowed(file.fsync()), loss.error());
  EXPECT_OK(file.fsync());
  EXPECT_ERRNO(loss.allowed(directory.syncfs()), loss.error());
  EXPECT_OK(directory.syncfs());
  loss.mustBeGoneFrom(file);
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
    for (const off_t at : {kHole, kPreallocated}) punchHole(bare, at, path);
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

// In between, the disk works again, and the file may be changed in other ways.
void whatIsWrittenAgainIsThere(Subject& subject, const std::function<void()>& meanwhile,
                               CalledFrom = Line::current()) {
  SilentLoss loss(subject, Loss::conversion);
  std::string kept;
  {
    const File file = subject.open("data");
    const auto bytes = static_cast<std::size_t>(loss.offset()) + sys::kBlockBytes;
    const sys::Mapping mapping(file, bytes);
    mapping.read(bytes);  // what is mapped stays in the cache
    loss.happen(syncEverything);
    EXPECT_ERRNO(file.fsync(), loss.error());
    meanwhile();
    kept = writtenAgain(file, loss);
  }
  mustBeThere(kept, loss);
}

CASE(D2, WhatIsWrittenAgainIsThere, .loss = Loss::conversion) {
  whatIsWrittenAgainIsThere(subject, [] {});
}

// The journal converts nothing.
CASE(D2, WhatIsWrittenAgainThroughTheJournalIsThere, .loss = Loss::conversion) {
  whatIsWrittenAgainIsThere(subject,
                            [&] { sys::ext4JournalData(subject.upper().open("data"), "data"); });
}

// It is written again while the write that is going to be lost is on its way.
CASE(D2, WhatIsWrittenAgainMeanwhileIsThere, .loss = Loss::conversion) {
  SilentLoss loss(subject, Loss::conversion);
  const std::string path = subject.upper().path("data"), kept = sys::freshBytes(sys::kBlockBytes);
  {
    const File file = subject.open("data"), bare(path);
    const auto writeback = [&](unsigned how) {
      sys::require(::sync_file_range(bare.descriptor(), loss.offset(), sys::kBlockBytes, how),
                   "write back", path);
    };
    loss.dirty();
    loss.convertUnderDamage(
        [&] {
          writeback(SYNC_FILE_RANGE_WRITE);
          EXPECT_OK(file.pwrite(kept, loss.offset()));
        },
        // Waits, and may be told. What is dirty stays so.
        [&] { ::sync_file_range(bare.descriptor(), 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE); });
    EXPECT_ERRNO(file.fsync(), loss.error());
    EXPECT_OK(file.fsync());
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

}  // namespace
}  // namespace conformance
