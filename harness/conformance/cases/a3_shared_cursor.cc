// SPDX-License-Identifier: GPL-2.0-only
// A3: dup, fork and SCM_RIGHTS share one cursor: one report for the open file description.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "conformance/callers.h"
#include "conformance/case.h"
#include "conformance/sent_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::Descriptor;
using sys::File;
using sys::Result;

// What syncfs answers in a child process that has inherited the file.
Result syncfsInChild(const File& file) {
  return syncfsInChildren(file, 1).front();
}

// Owns the result of one of the calls that duplicate a descriptor.
Descriptor copied(int descriptor, const char* call) {
  return Descriptor(static_cast<int>(sys::require(descriptor, call, "a file")));
}

// A number that no descriptor has yet.
int unusedNumber() {
  const Descriptor next(copied(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open"));
  return next.get();
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

// dup, dup2 and dup3 each take their own path through the kernel.
CASE(A3, EveryWayToDuplicateAfterTheErrorSharesTheReport) {
  const File file = subject.open("data");
  const File second = subject.open("data");
  const File third = subject.open("data");
  subject.loseWriteback();
  const File duplicated(copied(::dup(file.descriptor()), "dup"));
  EXPECT_ERRNO(duplicated.syncfs(), EIO);
  EXPECT_OK(file.syncfs());
  const File replaced(copied(::dup2(second.descriptor(), unusedNumber()), "dup2"));
  EXPECT_ERRNO(second.syncfs(), EIO);
  EXPECT_OK(replaced.syncfs());
  const File replaced_too(copied(::dup3(third.descriptor(), unusedNumber(), O_CLOEXEC), "dup3"));
  EXPECT_ERRNO(replaced_too.syncfs(), EIO);
  EXPECT_OK(third.syncfs());
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
