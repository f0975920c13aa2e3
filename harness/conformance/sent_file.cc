// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/sent_file.h"

#include <sys/socket.h>

#include <cstring>

#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::Descriptor;
using sys::File;

union RightsMessage {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

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

}  // namespace conformance
