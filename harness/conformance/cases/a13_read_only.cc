// SPDX-License-Identifier: GPL-2.0-only
// A13: after a read-only remount syncfs skips the sync and still checks the cursor. A15, V3: a
// read-only mount of a writable one changes nothing.
#include <sys/mount.h>

#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/immutable_directory.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/syncs_the_upper.h"
#include "sys/mounting.h"
#include "sys/setup_error.h"

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
  syncsTheUpper(subject, false, [&] { EXPECT_OK(file.syncfs()); });
}

// What syncfs does not write any more is written before.
CASE(A13, TheRemountSyncs, .subjects = kOverlayOnly) {
  settle();
  EXPECT_OK(subject.open("data").pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_NE(subject.disk.writesDuring([&] { EXPECT_OK(subject.mount.remountReadOnly()); }), 0U);
}

const View& mountedReadOnly(Subject& subject) {
  const std::string options = subject.layers.fresh().options;
  const sys::Result result = subject.beside.mountLayers(options, MS_RDONLY);
  if (!result.ok()) throw sys::SetupError("mount -o ro", options, result.error());
  return subject.beside.latest();
}

CASE(A13, MountedReadOnlyItReports, .subjects = kOverlayOnly) {
  const View& view = mountedReadOnly(subject);
  const File file = view.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A13, MountedReadOnlyAndMadeWritableItIsAsAnyOther, .subjects = kOverlayOnly) {
  const View& view = mountedReadOnly(subject);
  const File before = view.open("data", O_RDONLY);
  EXPECT_OK(subject.beside.remountWritable(view));
  const File file = view.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_ERRNO(before.syncfs(), EIO);
  EXPECT_OK(before.syncfs());
}

// The work directory cannot be set up, and the kernel mounts the overlay read-only.
CASE(A13, WithoutAWorkDirectoryItReports, .subjects = kOverlayOnly) {
  const Layers layers = subject.layers.fresh();
  const ImmutableDirectory work(layers.work);
  EXPECT_OK(subject.beside.mountLayers(layers.options + ",index=off"));
  const View& view = subject.beside.latest();
  EXPECT_ERRNO(view.tryOpen("data"), EROFS);
  const File file = view.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(view.open("data", O_RDONLY).syncfs());
}

// A bind mount of it, also a read-only one, is another way to the same superblock.
sys::Mount bindMount(Subject& subject, bool read_only) {
  sys::Mount bind({subject.root(), subject.layers.freshDirectory(), "", "", MS_BIND});
  if (read_only) {
    sys::require(
        ::mount(nullptr, bind.target().c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr),
        "mount -o remount,bind,ro", bind.target());
  }
  return bind;
}

CASE(A13, EveryBindMountReports) {
  for (const bool read_only : {false, true}) {
    SCOPED_TRACE(read_only ? "read-only" : "writable");
    const sys::Mount bind = bindMount(subject, read_only);
    const File file(bind.target() + "/data", O_RDONLY);
    subject.loseWriteback();
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_OK(file.syncfs());
    EXPECT_OK(File(bind.target() + "/data", O_RDONLY).syncfs());
  }
}

CASE(A15, ThroughEveryBindMountItIsSynced) {
  for (const bool read_only : {false, true}) {
    SCOPED_TRACE(read_only ? "read-only" : "writable");
    const sys::Mount bind = bindMount(subject, read_only);
    const File file(bind.target() + "/data", O_RDONLY);
    syncsTheUpper(subject, true, [&] { EXPECT_ERRNO(file.syncfs(), EIO); });
  }
}

CASE(V3, ThroughEveryBindMountItFails, .subjects = kVolatileOnly) {
  const sys::Mount writable = bindMount(subject, false), read_only = bindMount(subject, true);
  std::vector<File> files;
  for (const sys::Mount* bind : {&writable, &read_only}) {
    files.emplace_back(bind->target() + "/data", O_RDONLY);
  }
  subject.loseWriteback();
  for (int i = 0; i < 2; ++i) {
    for (const File& file : files) {
      EXPECT_ERRNO(file.syncfs(), EIO) << "time " << i;
      EXPECT_ERRNO(file.fsync(), EIO) << "time " << i;
    }
  }
}

// What the upper filesystem says when it is read-only itself is no answer of syncfs.
CASE(A13, WithAReadOnlyUpperTheRecordedErrorIsReturned) {
  const File file = subject.open(".", O_RDONLY);
  subject.loseWriteback();
  const auto syncfs = [&] { return file.syncfs(); };
  EXPECT_ERRNO(subject.mount.whileUpperIsReadOnly(syncfs), EIO);
  EXPECT_OK(subject.mount.whileUpperIsReadOnly(syncfs));
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
