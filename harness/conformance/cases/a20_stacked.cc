// SPDX-License-Identifier: GPL-2.0-only
// A20: an overlay as a lower layer of another one: the top one reports its own upper. As an upper
// layer it is still refused.
#include <fcntl.h>

#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A20, TheTopReportsItsOwnUpper, .subjects = kOverlayOnly) {
  const View* top =
      mounted(subject, subject.beside.mountOverlay("index=off", {.lower = subject.root()}));
  if (top == nullptr) return;
  const File file = top->open("data");
  const File from_below = top->open("lower-file", O_RDONLY);
  const File directory = top->open("upper-dir", O_RDONLY | O_DIRECTORY);
  subject.loseWritebackThrough(*top);
  for (const File* each : {&file, &from_below, &directory}) {
    EXPECT_ERRNO(each->syncfs(), EIO);
    EXPECT_OK(each->syncfs());
  }
  EXPECT_OK(top->open("data").syncfs());
}

// The upper of the top is a tmpfs, which loses nothing; the one below is on the failing disk.
CASE(A20, TheTopDoesNotReportTheUpperOfTheLower, .subjects = kOverlayOnly) {
  const View& top = subject.beside.overlayOnTmpfs(subject);
  const File file = top.open("data", O_RDONLY);
  const File below = subject.open("data");
  subject.loseWriteback();
  EXPECT_OK(file.syncfs());
  EXPECT_OK(top.open("data", O_RDONLY).syncfs());
  EXPECT_ERRNO(below.syncfs(), EIO);
}

// Neither once the lower has failed as a whole.
CASE(A20, TheTopDoesNotAskALowerThatIsVolatile, .subjects = kVolatileOnly) {
  const File file = subject.beside.overlayOnTmpfs(subject).open(".", O_RDONLY | O_DIRECTORY);
  subject.loseWriteback();
  EXPECT_OK(file.syncfs());
}

CASE(A20, AnOverlayIsRefusedAsUpper, .subjects = kOverlayOnly) {
  EXPECT_ERRNO(
      subject.beside.mountLayers(overlayOptions(
          subject.layers.freshDirectory(), subject.path("upper-dir"), subject.path("merged-dir"))),
      EINVAL);
}

}  // namespace
}  // namespace conformance
