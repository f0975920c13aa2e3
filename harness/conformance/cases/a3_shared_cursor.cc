// SPDX-License-Identifier: GPL-2.0-only
// A3: dup, fork and SCM_RIGHTS share one cursor: one report for the open file description.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "conformance/callers.h"
#include "conformance/case.h"
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

union RightsMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

// The same open file description, as received over a socket.
File sentOverSocket(const File& file) {
  int pair[2];
  sys::require(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), "socketpair", "AF_UNIX");
  const Descriptor sender(pair[0]);
  const Descriptor receiver(pair[1]);

  char payload = 'x';
  iovec data{&payload, 1};
  RightsMessage rights{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = rights.bytes;
  message.msg_controllen = sizeof(rights.bytes);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  int descriptor = file.descriptor();
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof(descriptor));
  sys::require(::sendmsg(sender.get(), &message, 0), "sendmsg", "SCM_RIGHTS");

  sys::require(::recvmsg(receiver.get(), &message, MSG_CMSG_CLOEXEC), "recvmsg", "SCM_RIGHTS");
  header = CMSG_FIRSTHDR(&message);
  if (header == nullptr) throw sys::SetupError("recvmsg", "returned no fd", 0);
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof(descriptor));
  return File(Descriptor(descriptor));
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
