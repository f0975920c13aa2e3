// SPDX-License-Identifier: GPL-2.0-only
// A12: an error of the sync itself is returned, before a recorded one, and the cursor advances
// nevertheless. A14: the errno is the recorded one, and the latest wins.
#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A12, ErrorOfTheBlockDeviceIsReturned, .as_plain = true) {
  const File file = subject.open("other");
  const File second = subject.open("other");
  subject.disk.dirtyBlockDevice("data");
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(file.syncfs(), EIO);
  fault.heal();
  COMPARE(second.syncfs());  // the filesystem may have recorded it too
}

CASE(A12, TheErrorOfTheSyncWinsAndTheCursorAdvances, .as_plain = true) {
  const File file = subject.open("other");
  const File second = subject.open("other");
  subject.loseWriteback("data", FaultKind::no_space);
  subject.disk.dirtyBlockDevice("data");
  Fault fault = subject.breakData("data");
  EXPECT_ERRNO(file.syncfs(), EIO) << "the block device's error, not the recorded ENOSPC";
  fault.heal();
  EXPECT_OK(file.syncfs()) << "its cursor has passed the recorded error";
  COMPARE(second.syncfs());  // still has its report, of the latest error that was recorded
}

CASE(A12, ShutDownFilesystemAnswersAsPlain, .as_plain = true) {
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  EXPECT_OK(file.syncfs());
  subject.disk.shutDown();
  COMPARE(file.syncfs());
  COMPARE(file.syncfs());
  COMPARE(directory.syncfs());
}

CASE(A12, RecordedErrorAndShutDownAnswerAsPlain, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  subject.disk.shutDown();
  COMPARE(file.syncfs());
  COMPARE(file.syncfs());
}

// Which need not be EIO: ext4 returns EROFS.
CASE(A12, AFilesystemThatStoppedForAnErrorAnswersAsPlain, .as_plain = true, .stops = true) {
  const File file = subject.open("data");
  subject.stopForAnError();
  COMPARE(file.syncfs());
  COMPARE(file.syncfs());
}

// Each fd is asked once: what a later call returns depends on how far the filesystem has shut down.
// The second fd reports because of its own cursor.
CASE(A12, DiskThatFailsAsAWholeAnswersAsPlain, .as_plain = true) {
  const File file = subject.open("data");
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  Fault fault = subject.disk.breakAll();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  COMPARE(file.syncfs());
  COMPARE(directory.syncfs());
  fault.heal();
}

CASE(A14, FullPoolIsReportedAsSuch, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(file.syncfs(), ENOSPC);
  EXPECT_OK(file.syncfs());
}

CASE(A14, ATimeoutIsReportedAsSuch, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::timed_out);
  EXPECT_ERRNO(subject.open("other", O_RDONLY).syncfs(), ETIMEDOUT);
  EXPECT_ERRNO(file.syncfs(), ETIMEDOUT);
  EXPECT_OK(file.syncfs());
}

CASE(A14, LateOpenerGetsTheRecordedErrno, .as_plain = true) {
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(subject.open("other", O_RDONLY).syncfs(), ENOSPC);
}

CASE(A14, TheLatestErrorWins, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  subject.loseWriteback("other", FaultKind::error);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A14, TheLatestErrorWinsTheOtherWayRound, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("other", FaultKind::error);
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(file.syncfs(), ENOSPC);
  EXPECT_OK(file.syncfs());
}

CASE(A14, EachErrorInItsTurn, .as_plain = true) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(file.syncfs(), ENOSPC);
  subject.loseWriteback("data", FaultKind::error);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

// One error after the other, each seen by somebody. What the first fd has seen is not the last of
// them, although its errno is the same.
CASE(A14, TheSameErrnoAgainIsANewError) {
  const File file = subject.open("other");
  const File witness = subject.open("other");
  subject.loseWriteback("data", FaultKind::error);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_ERRNO(witness.syncfs(), EIO);
  subject.loseWriteback("data", FaultKind::no_space);
  EXPECT_ERRNO(witness.syncfs(), ENOSPC);
  subject.loseWriteback("data", FaultKind::error);
  EXPECT_ERRNO(witness.syncfs(), EIO);
  EXPECT_ERRNO(file.syncfs(), EIO);
}

}  // namespace
}  // namespace conformance
