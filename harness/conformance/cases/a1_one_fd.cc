// SPDX-License-Identifier: GPL-2.0-only
// A1: an fd that was open before the error gets it once, then 0; a later, new error again.
#include <optional>

#include "conformance/case.h"

namespace conformance {
namespace {

using sys::File;

CASE(A1, OpenFdReportsOnce) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(file.syncfs());
}

CASE(A1, NewErrorIsReportedAgain) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  subject.loseWriteback();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A1, SeveralErrorsAreOneReport) {
  const File file = subject.open("data");
  subject.loseWriteback();
  subject.loseWriteback("other");
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A1, ErrorOfAnotherFileIsReported) {
  const File file = subject.open("other", O_RDONLY);
  subject.loseWriteback("data");
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

// Nobody has synced before: the error is recorded in the sync of this very call.
CASE(A1, SyncfsThatMeetsTheErrorReportsIt) {
  const File file = subject.open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_ERRNO(file.syncfs(), EIO);
  fault.heal();
  EXPECT_OK(file.syncfs());
}

CASE(A1, WithoutAnErrorNothingIsReported, .subjects = kEverySubject) {
  const File file = subject.open("data");
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_OK(file.syncfs());
}

// Nothing is dirty, so there is nothing that the frozen filesystem would have to write.
CASE(A1, SyncfsDoesNotWaitForAThaw) {
  const File file = subject.open("data");
  EXPECT_OK(file.syncfs());
  std::optional<sys::Result> answer;
  EXPECT_TRUE(subject.mount.endsWhileUpperIsFrozen([&] { answer = file.syncfs(); }))
      << "it waits for the thaw";
  EXPECT_OK(answer.value());
}

}  // namespace
}  // namespace conformance
