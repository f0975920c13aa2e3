// SPDX-License-Identifier: GPL-2.0
// A18: the upper filesystem lazily unmounted under a live overlay, or the overlay itself: an fd
// that is open still reports, and what it follows is still there. (KASAN looks in the debug lane.)
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

// The error is met by the overlay's own fsync, since nobody else reaches the file any more.
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

// A mount that fails when its upper is in place already: the index was made for another lower
// layer.
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
