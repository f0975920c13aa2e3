// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/shell_request.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "sys/setup_error.h"

namespace conformance {
namespace {

// An abstract name: there is no socket file that a user of the shell could remove.
constexpr std::string_view kName = "ovl-syncfs-shell";
constexpr std::size_t kLongest = 16384;  // bytes of a request or a reply
constexpr int kBacklog = 8;

std::pair<sockaddr_un, socklen_t> address() {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  std::copy(kName.begin(), kName.end(), where.sun_path + 1);
  return {where, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + kName.size())};
}

// SOCK_SEQPACKET keeps message boundaries: each receive returns one whole message.
sys::Descriptor makeSocket() {
  return sys::Descriptor(static_cast<int>(
      sys::require(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "socket", "of the shell")));
}

// One packet; empty at the end.
std::string receive(int socket) {
  std::string text(kLongest, '\0');
  ssize_t size = 0;
  do {
    size = ::recv(socket, text.data(), text.size(), 0);
  } while (size < 0 && errno == EINTR);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

void send(int socket, const std::string& text) {
  ::send(socket, text.data(), std::min(text.size(), kLongest), MSG_NOSIGNAL);
}

}  // namespace

RequestSocket::RequestSocket() : socket_(makeSocket()) {
  const auto [where, size] = address();
  sys::require(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&where), size), "bind",
               "the socket of the shell");
  sys::require(::listen(socket_.get(), kBacklog), "listen", "on the socket of the shell");
}

void RequestSocket::serve(const std::function<Reply(const std::string&)>& answer) const {
  const sys::Descriptor client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client) return;
  const timeval limit = {1, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const std::string request = receive(client.get());
  if (request.empty()) return;
  const Reply reply = answer(request);
  send(client.get(), (reply.ok ? '0' : '1') + reply.text);
}

Reply ask(const std::string& request) {
  const sys::Descriptor socket = makeSocket();
  const auto [where, size] = address();
  sys::require(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), size), "ask",
               "the init of the shell");
  send(socket.get(), request);
  const std::string reply = receive(socket.get());
  if (reply.empty()) throw sys::SetupError("ask", "the init of the shell: no answer", 0);
  return {reply.front() == '0', reply.substr(1)};
}

}  // namespace conformance
