// SPDX-License-Identifier: GPL-2.0-only
// V1 to V6: what a volatile mount promises about errors of its upper filesystem.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/kernel_log.h"
#include "conformance/quirks.h"

namespace conformance {
namespace {

using sys::File;

void everySyncCallFails(const File& file, CalledFrom = Line::current()) {
  for (int i = 0; i < kRepeats; ++i) {
    EXPECT_ERRNO(file.syncfs(), EIO) << "call " << i;
    EXPECT_ERRNO(file.fsync(), EIO) << "call " << i;
    EXPECT_ERRNO(file.fdatasync(), EIO) << "call " << i;
  }
}

void everySyncCallFailsOnANewFd(const View& view, const std::string& name, int flags,
                                CalledFrom = Line::current()) {
  if (!refusesNewFds(view, name, flags)) everySyncCallFails(view.open(name, flags));
}

void everySyncCallSucceeds(const File& file, CalledFrom = Line::current()) {
  EXPECT_OK(file.syncfs());
  EXPECT_OK(file.fsync());
  EXPECT_OK(file.fdatasync());
}

CASE(V1, UnseenErrorRefusesTheMountAndSaysWhy, .subjects = kVolatileOnly) {
  subject.loseWriteback();
  KernelLog log;
  EXPECT_ERRNO(subject.beside.mountOverlay("volatile"), EIO);
  const auto lines = log.newLines();
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("overlayfs") != std::string::npos &&
           line.find("volatile") != std::string::npos;
  })) << "no line of the kernel log names overlayfs and volatile";
}

CASE(V1, RefusalDoesNotConsumeTheError, .subjects = kVolatileOnly) {
  const File early = subject.upper().open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(subject.beside.mountOverlay("volatile"), EIO);
  EXPECT_ERRNO(subject.beside.mountOverlay("volatile"), EIO);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_ERRNO(early.syncfs(), EIO);
}

CASE(V1, AfterSyncfsOfTheUpperItMounts, .subjects = kVolatileOnly) {
  subject.loseWriteback();
  EXPECT_ERRNO(subject.beside.mountOverlay("volatile"), EIO);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_OK(subject.beside.mountOverlay("volatile"));
}

// Whether its names can be looked up; a failure of the case if not.
bool works(const View& view, CalledFrom = Line::current()) {
  const sys::Result found = lookUp(view);
  EXPECT_OK(found);
  return found.ok();
}

CASE(V2, SeenErrorNeitherBlocksNorIsReported, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  const View* view = mounted(subject, subject.beside.mountOverlay("volatile"));
  if (view == nullptr || !works(*view)) return;
  everySyncCallSucceeds(view->open("data"));
  everySyncCallSucceeds(view->open("upper-dir", O_RDONLY | O_DIRECTORY));
  everySyncCallSucceeds(view->open("lower-file", O_RDONLY));
}

CASE(V2, AnErrorAfterTheSeenOneCounts, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  const View* view = mounted(subject, subject.beside.mountOverlay("volatile"));
  if (view == nullptr || !works(*view)) return;
  const File file = view->open("data");
  subject.loseWritebackThrough(subject.upper());
  everySyncCallFails(file);
}

CASE(V3, OpenFdsKeepFailing, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const File other = subject.open("other", O_RDONLY);
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  everySyncCallSucceeds(file);
  subject.loseWriteback();
  everySyncCallFails(file);
  everySyncCallFails(other);
  everySyncCallFails(directory);
}

CASE(V3, NewFdsKeepFailing, .subjects = kVolatileOnly) {
  subject.loseWriteback();
  everySyncCallFailsOnANewFd(subject, "data", O_RDWR);
  everySyncCallFailsOnANewFd(subject, "upper-dir", O_RDONLY | O_DIRECTORY);
  everySyncCallFailsOnANewFd(subject, "merged-dir", O_RDONLY | O_DIRECTORY);
}

CASE(V3, LowerOnlyFdsKeepFailing, .subjects = kVolatileOnly) {
  const File file = subject.open("lower-file", O_RDONLY);
  const File directory = subject.open("lower-dir", O_RDONLY | O_DIRECTORY);
  subject.loseWriteback();
  everySyncCallFails(file);
  everySyncCallFails(directory);
  everySyncCallFailsOnANewFd(subject, "lower-file", O_RDONLY);
}

CASE(V3, ReportOnTheUpperChangesNothing, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_OK(subject.upper().open("data").syncfs());
  everySyncCallFails(file);
  everySyncCallFailsOnANewFd(subject, "data", O_RDWR);
}

CASE(V3, AnErrorOutsideOfTheOverlayCounts, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWritebackElsewhere();
  everySyncCallFails(file);
}

// No error is recorded, but a sync of the upper filesystem would fail: there must be none.
CASE(V4, UpperThatWasShutDownIsNoError, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  const File lower = subject.open("lower-file", O_RDONLY);
  const File on_upper = subject.upper().open("data", O_RDONLY);
  subject.disk.shutDown();
  for (const File* each : {&file, &directory, &lower}) everySyncCallSucceeds(*each);
  EXPECT_OK(lookUp(subject, "lower-file"));
  EXPECT_OK(read(lower));
  // Last, since btrfs records an error then.
  if (on_upper.syncfs().ok()) {
    skipFor(subject.filesystem().quirks, filesystems::quirk::silent_shutdown);
  }
}

CASE(V4, NoSyncIsIssued, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const File on_upper = subject.upper().open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  everySyncCallSucceeds(file);
  EXPECT_EQ(fault.failedWrites(), 0U) << "the upper filesystem was synced";
  EXPECT_OK(read(file));
  EXPECT_OK(write(file));
  EXPECT_OK(lookUp(subject));
  EXPECT_OK(create(subject, "new-name"));
  // There was something to sync.
  EXPECT_ERRNO(on_upper.fsync(), EIO);
  fault.heal();
}

CASE(V6, SyncfsLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  subject.loseWriteback();
  for (int i = 0; i < kRepeats; ++i) {
    EXPECT_ERRNO(file.syncfs(), EIO) << "call " << i;
    EXPECT_ERRNO(directory.syncfs(), EIO) << "call " << i;
  }
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_OK(subject.upper().open("data").syncfs());
  EXPECT_ERRNO(file.syncfs(), EIO);
}

CASE(V6, TheStickyErrorComesBeforeTheRecordedOne, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), ENOSPC);
}

// As some container engines restart a container: they remove the marker and mount the same upper.
CASE(V6, TheNextVolatileMountIsRefused, .subjects = kVolatileOnly) {
  const Layers layers = subject.layers.fresh();
  const std::string options = layers.options + ",volatile";
  const View* view = mounted(subject, subject.beside.mountLayers(options));
  if (view == nullptr) return;
  {
    const File file = view->open("data");
    subject.loseWritebackThrough(View(view->root(), layers.upper));
    EXPECT_ERRNO(file.syncfs(), EIO);
  }
  subject.beside.unmountLatest();
  const std::string marker = layers.work + "/work/incompat/volatile";
  std::filesystem::remove_all(marker);
  EXPECT_ERRNO(subject.beside.mountLayers(options), EIO);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_OK(subject.beside.mountLayers(options));
}

// syncfs(2) does not ask the filesystem then, so what it returns is left open.
CASE(V6, AfterAReadOnlyRemountTheErrorStaysUnseen, .subjects = kVolatileOnly) {
  const File file = subject.open("data", O_RDONLY);
  const File other = subject.open("other", O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(subject.mount.remountReadOnly());
  (void)file.syncfs();
  (void)other.syncfs();
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_ERRNO(other.fsync(), EIO);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

CASE(V6, OpenFdOfTheUpperKeepsItsReport, .subjects = kVolatileOnly) {
  const File on_upper = subject.upper().open("data");
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(on_upper.syncfs(), EIO);
  EXPECT_OK(on_upper.syncfs());
}

// The mount that was refused has left nothing behind.
CASE(V1, TheSameUpperIsMountedOnceTheErrorWasSeen, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  subject.loseWriteback();
  EXPECT_ERRNO(upper.mount(), EIO);
  EXPECT_FALSE(upper.isMarked());
  seeTheError(subject);
  EXPECT_OK(upper.mount());
}

CASE(V1, AnyUnseenErrorRefuses, .subjects = kVolatileOnly) {
  for (const FaultKind kind : {FaultKind::no_space, FaultKind::timed_out}) {
    const std::string file = subject.layers.fileElsewhere();
    subject.disk.loseWriteback(file, file, kind);
    EXPECT_ERRNO(subject.beside.mountOverlay("volatile"), EIO) << "errno " << errnoOf(kind);
    EXPECT_FALSE(subject.upper().open("data").syncfs().ok());
    EXPECT_OK(subject.beside.mountOverlay("volatile"));
  }
}

CASE(V1, AReadOnlyMountIsRefusedAsWell, .subjects = kVolatileOnly) {
  const std::string options = subject.layers.fresh().options + ",volatile";
  subject.loseWriteback();
  EXPECT_ERRNO(subject.beside.mountLayers(options, MS_RDONLY), EIO);
  seeTheError(subject);
  EXPECT_OK(subject.beside.mountLayers(options, MS_RDONLY));
}

// With index=on, a directory that is in use cannot be mounted.
CASE(V1, TheRefusalLeavesTheUpperToOthers, .subjects = kVolatileOnly) {
  const std::string options = subject.layers.fresh().options;
  subject.loseWriteback();
  EXPECT_ERRNO(subject.beside.mountLayers(options + ",volatile"), EIO);
  EXPECT_OK(subject.beside.mountLayers(options + ",index=on"));
}

CASE(V4, ARemountSyncsNothing, .subjects = kVolatileOnly) {
  settle();
  EXPECT_OK(subject.open("data").pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_EQ(subject.disk.writesDuring([&] { EXPECT_OK(subject.mount.remountReadOnly()); }), 0U);
}

CASE(V4, AnUnmountSyncsNothing, .subjects = kVolatileOnly) {
  const View* view = mounted(subject, subject.beside.mountOverlay("volatile"));
  if (view == nullptr) return;
  settle();
  EXPECT_OK(write(view->open("data")));
  EXPECT_EQ(subject.disk.writesDuring([&] { subject.beside.unmountLatest(); }), 0U);
}

// What its syncfs returns has no row.
CASE(V6, MountedReadOnlyItLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  EXPECT_OK(subject.beside.mountLayers(subject.layers.fresh().options + ",volatile", MS_RDONLY));
  const File file = subject.beside.latest().open("data", O_RDONLY);
  subject.loseWriteback();
  (void)file.syncfs();
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

}  // namespace
}  // namespace conformance
