// SPDX-License-Identifier: GPL-2.0-only
// A11: without an upper layer there is nothing to report; syncfs refuses an O_PATH fd.
#include <fcntl.h>

#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A11, WithoutAnUpperLayerSyncfsSucceeds, .subjects = kOverlayOnly) {
  const View& without_upper = subject.beside.overlayWithoutUpper(subject.upper());
  const File file = without_upper.open("data", O_RDONLY);
  const File directory = without_upper.open("upper-dir", O_RDONLY | O_DIRECTORY);
  EXPECT_OK(file.syncfs());
  subject.loseWriteback();
  EXPECT_OK(file.syncfs());
  EXPECT_OK(directory.syncfs());
  EXPECT_OK(without_upper.open("data", O_RDONLY).syncfs());
}

CASE(A11, WithoutAnUpperLayerTheErrorStaysUnseen, .subjects = kOverlayOnly) {
  const View& without_upper = subject.beside.overlayWithoutUpper(subject.upper());
  subject.loseWriteback();
  EXPECT_OK(without_upper.open("data", O_RDONLY).syncfs());
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

// The lower layer is an overlay, which has something to report.
CASE(A11, WithoutAnUpperLayerOnAnOverlaySyncfsSucceeds, .subjects = kOverlayOnly) {
  const File file = subject.beside.overlayWithoutUpper(subject).open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_OK(file.syncfs());
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

CASE(A11, PathFdIsRefused, .subjects = kEverySubject) {
  const File file = subject.open("data", O_PATH);
  const File directory = subject.open("upper-dir", O_PATH | O_DIRECTORY);
  EXPECT_ERRNO(file.syncfs(), EBADF);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EBADF);
  EXPECT_ERRNO(directory.syncfs(), EBADF);
  // And that did not consume the error.
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

}  // namespace
}  // namespace conformance
