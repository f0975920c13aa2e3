// SPDX-License-Identifier: GPL-2.0-only
// A2: every fd that was open before the error gets it once, in any order.
#include <bit>
#include <random>
#include <vector>

#include "conformance/case.h"
#include "errseq/errseq.h"

namespace conformance {
namespace {

using sys::File;

CASE(A2, EveryOpenFdReportsOnce) {
  const File first = subject.open("data");
  const File second = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(first.syncfs(), EIO);
  EXPECT_ERRNO(second.syncfs(), EIO);
  EXPECT_OK(first.syncfs());
  EXPECT_OK(second.syncfs());
}

CASE(A2, TheLastOpenedMayAskFirst) {
  const File first = subject.open("data");
  const File second = subject.open("other", O_RDONLY);
  const File third = subject.open("data", O_WRONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(third.syncfs(), EIO);
  EXPECT_OK(third.syncfs());
  EXPECT_ERRNO(first.syncfs(), EIO);
  EXPECT_ERRNO(second.syncfs(), EIO);
}

CASE(A2, ManyReportsHideNothing) {
  std::vector<File> files;
  for (int i = 0; i < 16; ++i) files.push_back(subject.open(i % 2 == 0 ? "data" : "other"));
  subject.loseWriteback();
  for (const File& file : files) EXPECT_ERRNO(file.syncfs(), EIO);
  for (const File& file : files) EXPECT_OK(file.syncfs());
}

CASE(A2, ClosingWithoutAskingHidesNothing) {
  const File file = subject.open("data");
  {
    const File closed_early = subject.open("data");
    subject.loseWriteback();
  }
  EXPECT_ERRNO(file.syncfs(), EIO);
}

// The model of lib/errseq.c says what each fd has to answer, whatever came before.
CASE(A2, AnySequenceGoesAsTheModelSays) {
  constexpr int kSteps = 60;
  constexpr int kErrors = 4;
  std::mt19937 random(1);  // fixed seed: every run must give the same verdict
  errseq::Errseq upper;
  std::vector<File> files;
  std::vector<errseq::Cursor> cursors;
  for (int step = 0; step < kSteps; ++step) {
    if (step % (kSteps / kErrors) == 4) {
      subject.loseWriteback();
      upper.set(EIO);
    } else if (files.empty() || random() % 3 == 0) {
      files.push_back(random() % 2 == 0 ? subject.open("data") : subject.upper().open("data"));
      cursors.push_back(upper.sample());
    } else {
      const std::size_t chosen = random() % files.size();
      const int error = upper.checkAndAdvance(cursors[chosen]);
      if (error != 0) {
        EXPECT_ERRNO(files[chosen].syncfs(), error) << "at step " << step << ", fd " << chosen;
      } else {
        EXPECT_OK(files[chosen].syncfs()) << "at step " << step << ", fd " << chosen;
      }
    }
  }
}

// A counter that is too narrow, or is compared in part, is the same again after a power of two.
void tellsErrorsApart(Subject& subject, int errors, CalledFrom = Line::current()) {
  const File witness = subject.open("other");
  const File writing = subject.upper().open("data");
  struct Opened {
    int ago;
    File file;
  };
  std::vector<Opened> opened;
  Fault fault = subject.breakData();
  for (int left = errors; left > 0; --left) {
    if (std::has_single_bit(static_cast<unsigned>(left))) {
      opened.push_back({left, subject.open("other")});
    }
    EXPECT_OK(writing.pwrite(sys::freshBytes(kDataBytes), 0));
    EXPECT_ERRNO(writing.fsync(), EIO);
    EXPECT_ERRNO(witness.syncfs(), EIO);
  }
  fault.heal();
  for (const Opened& each : opened) {
    EXPECT_ERRNO(each.file.syncfs(), EIO) << "opened " << each.ago << " errors ago";
    EXPECT_OK(each.file.syncfs());
  }
}

CASE(A2, OneOfManyErrorsIsReported) {
  tellsErrorsApart(subject, 64);
}

CASE(A2, OneOfManyErrorsIsReportedForLong, .long_running = true, .limit_seconds = 300) {
  tellsErrorsApart(subject, 1 << 14);
}

}  // namespace
}  // namespace conformance
