// SPDX-License-Identifier: GPL-2.0-only
// A6, A10: an error that nobody has seen yet, and fds and mounts that come after it.
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A6, UnseenErrorGoesToALateOpener) {
  subject.loseWriteback();
  const File late = subject.open("data");
  EXPECT_ERRNO(late.syncfs(), EIO);
  EXPECT_OK(late.syncfs());
  EXPECT_OK(subject.open("data").syncfs());
}

CASE(A6, AllWhoOpenBeforeTheFirstReportGetIt) {
  subject.loseWriteback();
  const File first = subject.open("data");
  const File second = subject.upper().open("data");
  const File third = subject.open("other");
  EXPECT_ERRNO(first.syncfs(), EIO);
  EXPECT_ERRNO(second.syncfs(), EIO);
  EXPECT_ERRNO(third.syncfs(), EIO);
}

CASE(A6, SeenThroughTheUpperItIsOverForNewOpeners) {
  subject.loseWriteback();
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
  EXPECT_OK(subject.open("data").syncfs());
  EXPECT_OK(subject.upper().open("data").syncfs());
}

CASE(A6, SeenThroughTheSubjectItIsOverForNewOpeners) {
  subject.loseWriteback();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_OK(subject.upper().open("data").syncfs());
  EXPECT_OK(subject.open("data").syncfs());
}

CASE(A6, OpeningWithoutAskingLeavesItUnseen) {
  subject.loseWriteback();
  (void)subject.open("data");
  (void)subject.upper().open("data");
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
}

CASE(A10, MountingLeavesTheErrorUnseenForTheUpper) {
  subject.loseWriteback();
  EXPECT_OK(subject.beside.mountAnother());
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

CASE(A10, MountingLeavesTheErrorUnseenForTheNewMount) {
  subject.loseWriteback();
  const View* view = mounted(subject, subject.beside.mountAnother());
  if (view == nullptr) return;
  EXPECT_ERRNO(view->open("data").syncfs(), EIO);
  EXPECT_OK(subject.upper().open("data").syncfs());
}

}  // namespace
}  // namespace conformance
