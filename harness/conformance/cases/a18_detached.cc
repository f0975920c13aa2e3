// SPDX-License-Identifier: GPL-2.0-only
// A18: lazy umount of the upper filesystem under a mounted overlay, or of the overlay itself: an
// open fd still reports, and what it points to still exists. (KASAN checks this in debug runs.)
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

// The overlay's own fsync gets the error, since the file can no longer be reached in any other way.
void losesThrough(const File& file, Fault& fault, CalledFrom = Line::current()) {
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_ERRNO(file.fsync(), EIO);
  fault.heal();
}

CASE(A18, UpperDetachedBeforeTheError) {
  const File file = subject.open("data");
  const File other = subject.open("other", O_RDONLY);
  Fault fault = subject.breakData();
  subject.mount.detachUpper();
  losesThrough(file, fault);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_ERRNO(other.syncfs(), EIO);
}

CASE(A18, UpperDetachedAfterTheError) {
  const File file = subject.open("data");
  subject.loseWriteback();
  subject.mount.detachUpper();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A18, LateOpenerOnADetachedUpper, .subjects = kOverlayOnly) {
  subject.loseWriteback();
  subject.mount.detachUpper();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_OK(subject.open("data").syncfs());
}

CASE(A18, BothDetached, .subjects = kOverlayOnly) {
  const File file = subject.open("data");
  const File lower = subject.open("lower-file", O_RDONLY);
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  Fault fault = subject.breakData();
  subject.mount.detachUpper();
  subject.mount.detachOverlay();
  losesThrough(file, fault);
  for (const File* each : {&lower, &directory, &file}) {
    EXPECT_ERRNO(each->syncfs(), EIO);
    EXPECT_OK(each->syncfs());
  }
}

// A mount that fails after its upper was set up: the index was made for another lower layer.
CASE(A18, MountThatFailsLateLeavesNothingBehind, .subjects = kOverlayOnly) {
  const Layers layers = subject.layers.fresh();
  if (mounted(subject, subject.beside.mountLayers(layers.options + ",index=on")) == nullptr) return;
  subject.beside.unmountLatest();
  const File file = subject.open("data");
  const File on_upper = subject.upper().open("data");
  const std::string other_lower = subject.layers.freshDirectory();
  EXPECT_ERRNO(subject.beside.mountLayers(
                   overlayOptions(other_lower, layers.upper, layers.work, "index=on")),
               ESTALE);
  subject.loseWriteback();
  for (const File* each : {&file, &on_upper}) {
    EXPECT_ERRNO(each->syncfs(), EIO);
    EXPECT_OK(each->syncfs());
  }
}

}  // namespace
}  // namespace conformance
