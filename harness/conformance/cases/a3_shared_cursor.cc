// SPDX-License-Identifier: GPL-2.0-only
// A3: dup, fork and SCM_RIGHTS share one cursor: one report for the open file description.
#include <cerrno>
#include <vector>

#include "conformance/callers.h"
#include "conformance/case.h"
#include "conformance/sent_file.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// What syncfs answers in a child process that has inherited the file.
Result syncfsInChild(const File& file) {
  return syncfsInChildren(file, 1).front();
}

CASE(A3, DupSharesTheReport) {
  const File file = subject.open("data");
  const File copy = file.duplicate();
  subject.loseWriteback();
  EXPECT_ERRNO(copy.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(copy.syncfs());
}

CASE(A3, DupAfterTheErrorSharesTheReport) {
  const File file = subject.open("data");
  subject.loseWriteback();
  const File copy = file.duplicate();
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(copy.syncfs());
}

CASE(A3, EveryWayToDuplicateAfterTheErrorSharesTheReport) {
  std::vector<File> files;
  for (std::size_t i = 0; i < sys::kDuplications.size(); ++i) files.push_back(subject.open("data"));
  subject.loseWriteback();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const File copy = files[i].duplicate(sys::kDuplications[i]);
    EXPECT_ERRNO(copy.syncfs(), EIO) << "way " << i << " of Duplication";
    EXPECT_OK(files[i].syncfs()) << "way " << i << " of Duplication";
  }
}

CASE(A3, ForkSharesTheReport) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(syncfsInChild(file), EIO);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(syncfsInChild(file));
}

CASE(A3, FdSentOverASocketAfterTheErrorSharesTheReport) {
  const File file = subject.open("data");
  subject.loseWriteback();
  const File received = sentOverSocket(file);
  EXPECT_ERRNO(file.syncfs(), EIO);
  EXPECT_OK(received.syncfs());
}

CASE(A3, FdReceivedAfterTheErrorMayReport) {
  const File file = subject.open("data");
  subject.loseWriteback();
  const File received = sentOverSocket(file);
  EXPECT_ERRNO(received.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A3, FdSentOverASocketSharesTheReport) {
  const File file = subject.open("data");
  const File received = sentOverSocket(file);
  subject.loseWriteback();
  EXPECT_ERRNO(received.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
}

}  // namespace
}  // namespace conformance
