// SPDX-License-Identifier: GPL-2.0-only
// V5: what a copy up brings to the disk, and what a volatile mount leaves in memory.
#include <fcntl.h>
#include <sys/stat.h>

#include <cstddef>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/syncs_the_upper.h"
#include "conformance/fd_kinds.h"
#include "conformance/lower_layers.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"
#include "sys/sysctl.h"

namespace conformance {
namespace {

using sys::File;

// Whether copying the file up, or the data of its metacopy, writes to the disk.
bool isWrittenByCopyUp(Subject& subject, const View& view, CalledFrom = Line::current()) {
  settle();
  const auto copyUp = [&] { EXPECT_OK(view.tryOpen("lower-file", O_RDWR)); };
  return subject.disk.writesDuring(copyUp) != 0;
}

// A copy up of data is synced. Whether it is without that is for each filesystem to decide.
void expectDataSync(Subject& subject, const std::string& option, CalledFrom = Line::current()) {
  const View* view = mounted(subject, subject.beside.mountOverlay(option));
  if (view == nullptr) return;
  EXPECT_TRUE(isWrittenByCopyUp(subject, *view)) << "with " << option;
}

// Only the metadata was copied up before.
void expectDataSyncOfAMetacopy(Subject& subject, const std::string& option, bool expected,
                               CalledFrom = Line::current()) {
  const View* view =
      mounted(subject, subject.beside.mountOverlay("metacopy=on,redirect_dir=on," + option));
  if (view == nullptr) return;
  makeMetacopy(*view);
  EXPECT_EQ(isWrittenByCopyUp(subject, *view), expected) << "with " << option;
}

CASE(V5, VolatileDoesNotSyncMetadataAtCopyUp, .subjects = kVolatileOnly) {
  expectMetadataSync(subject, "volatile", false);
}

CASE(V5, DataIsSyncedAtCopyUp, .subjects = kVolatileOnly) {
  expectDataSync(subject, "index=off");
}

CASE(V5, FsyncAutoAndStrictSyncDataAtCopyUp, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  expectDataSync(subject, "fsync=auto");
  expectDataSync(subject, "fsync=strict");
}

CASE(V5, FsyncStrictSyncsMetadataAtCopyUp, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  expectMetadataSync(subject, "fsync=strict", true);
}

CASE(V5, FsyncAutoDoesNotSyncMetadataAtCopyUp, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  expectMetadataSync(subject, "fsync=auto", false);
}

CASE(V5, TheDataOfAMetacopyIsSyncedAtCopyUp, .subjects = kVolatileOnly) {
  expectDataSyncOfAMetacopy(subject, "index=off", true);
}

CASE(V5, FsyncAutoSyncsTheDataOfAMetacopyAtCopyUp, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  expectDataSyncOfAMetacopy(subject, "fsync=auto", true);
}

// Overlayfs leaves the sync to the copy up of the metadata, which was before.
CASE(V5, FsyncStrictSyncsTheDataOfAMetacopyAtCopyUp, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  expectDataSyncOfAMetacopy(subject, "fsync=strict", true);
}

// It is copied in chunks of 1 MiB (OVL_COPY_UP_CHUNK_SIZE). What is written anyway fails, since the
// disk of a case has no room for it.
CASE(V5, CopyingUpALargeFileSyncsNothing, .subjects = kVolatileOnly) {
  constexpr std::size_t kLarge = 20 << 20;
  // All of it may be dirty.
  const sys::Sysctl background("vm/dirty_background_ratio", 90), most("vm/dirty_ratio", 95);
  const std::string lower = subject.layers.freshDirectory();
  EXPECT_OK(File(lower + "/large", O_RDWR | O_CREAT).pwrite(sys::freshBytes(kLarge), 0));
  EXPECT_OK(File(lower + "/small", O_RDWR | O_CREAT).pwrite(sys::freshBytes(kBytes), 0));
  const View* view = mounted(subject, subject.beside.mountOverlay("volatile", {.lower = lower}));
  if (view == nullptr) return;
  copyUpSyncsNothing(subject, *view, "large", "small");
}

// Where the filesystem can, nothing is copied.
CASE(V5, CopyingUpAFileOfTheUpperFilesystemSyncsNothing, .subjects = kVolatileOnly) {
  const View* view = mounted(
      subject,
      subject.beside.mountOverlay("volatile", {.lower = lowerOnTheUpperFilesystem(subject)}));
  if (view == nullptr) return;
  EXPECT_FALSE(isWrittenByCopyUp(subject, *view));
}

CASE(V5, CopyingUpTheDataOfAMetacopySyncsNothing, .subjects = kVolatileOnly) {
  expectDataSyncOfAMetacopy(subject, "volatile", false);
}

}  // namespace
}  // namespace conformance
