// SPDX-License-Identifier: GPL-2.0-only
// A4, A5, A15: several overlays on one upper filesystem, and the upper filesystem itself.
#include <fcntl.h>

#include <vector>

#include "conformance/case.h"
#include "conformance/cases/syncs_the_upper.h"

namespace conformance {
namespace {

using sys::File;

CASE(A4, AnFdOfEachOverlayReports) {
  const View& second = subject.beside.another();
  const View& third = subject.beside.another();
  const File on_first = subject.open("data");
  const File on_second = second.open("data");
  const File on_third = third.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(on_third.syncfs(), EIO);
  EXPECT_ERRNO(on_first.syncfs(), EIO);
  EXPECT_ERRNO(on_second.syncfs(), EIO);
  EXPECT_OK(on_first.syncfs());
  EXPECT_OK(on_second.syncfs());
  EXPECT_OK(on_third.syncfs());
}

CASE(A4, OfLateOpenersOnlyTheFirstReports) {
  const View& second = subject.beside.another();
  subject.loseWriteback();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_OK(second.open("data").syncfs());
  EXPECT_OK(subject.open("data").syncfs());
}

CASE(A4, TheLateOpenerMayBeOnTheOther) {
  const View& second = subject.beside.another();
  subject.loseWriteback();
  EXPECT_ERRNO(second.open("data").syncfs(), EIO);
  EXPECT_OK(subject.open("data").syncfs());
}

// The kernel only warns of that, without an index. One of them marks upperdir as in use.
CASE(A4, TwoOverlaysOnOneUpperDirectoryReport, .subjects = kOverlayOnly) {
  const Layers layers = subject.layers.fresh();
  std::vector<File> files;
  for (int i = 0; i < 2; ++i) {
    if (mounted(subject, subject.beside.mountLayers(layers.options + ",index=off")) == nullptr) {
      return;
    }
    files.push_back(subject.beside.latest().open("data", O_RDONLY));
  }
  subject.loseWriteback();
  for (const File& file : files) {
    EXPECT_ERRNO(file.syncfs(), EIO);
    EXPECT_OK(file.syncfs());
  }
}

CASE(A5, BothReportTheUpperFirst) {
  const File on_upper = subject.upper().open("data");
  const File on_subject = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(on_upper.syncfs(), EIO);
  EXPECT_ERRNO(on_subject.syncfs(), EIO);
  EXPECT_OK(on_upper.syncfs());
  EXPECT_OK(on_subject.syncfs());
}

CASE(A5, BothReportTheSubjectFirst) {
  const File on_upper = subject.upper().open("data");
  const File on_subject = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(on_subject.syncfs(), EIO);
  EXPECT_ERRNO(on_upper.syncfs(), EIO);
  EXPECT_OK(on_subject.syncfs());
  EXPECT_OK(on_upper.syncfs());
}

CASE(A15, AnErrorOfAnotherOverlayCounts) {
  const View& second = subject.beside.another();
  const File file = subject.open("data");
  subject.loseWritebackThrough(second, "data");
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

// As PostgreSQL does it, which opens a directory for that call alone.
CASE(A15, WhatWasWrittenElsewhereIsSyncedToo) {
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  syncsTheUpper(subject, true, [&] { EXPECT_ERRNO(directory.syncfs(), EIO); });
  EXPECT_OK(directory.syncfs());
}

CASE(A15, AnErrorOutsideOfAnyOverlayCounts) {
  const File file = subject.open("data");
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
