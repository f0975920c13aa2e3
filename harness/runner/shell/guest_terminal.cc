// SPDX-License-Identifier: GPL-2.0-only
#include "runner/shell/guest_terminal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "sys/interrupt.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

constexpr char kEscape = ']' & 0x1f;         // Ctrl-], as in telnet
constexpr std::size_t kMostKeys = 1u << 20;  // bytes that the guest has not read
constexpr std::size_t kBufferBytes = 16384;

// A write to a terminal or a pipe may block indefinitely, and O_NONBLOCK belongs to the open file
// description, which other processes share. So open it again; empty if that is impossible.
sys::Descriptor reopenOutput() {
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) != 0) return {};
  if (::isatty(STDOUT_FILENO) != 1 && !S_ISFIFO(status.st_mode)) return {};
  return sys::Descriptor(::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// Reads what is available; 0 at the end, -1 with errno.
ssize_t readSome(int fd, std::string& text) {
  std::array<char, kBufferBytes> buffer;
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
  return size;
}

bool isPassing(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

GuestTerminal::GuestTerminal(bool has_input) : has_input_(has_input), own_output_(reopenOutput()) {
  std::array<int, 2> ends{};
  sys::require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair",
               "for the guest's terminal");
  our_end_ = sys::Descriptor(ends[0]);
  guest_end_ = sys::Descriptor(ends[1]);
  sys::require(::fcntl(our_end_.get(), F_SETFL, O_NONBLOCK), "fcntl", "the guest's terminal");
}

GuestTerminal::~GuestTerminal() {
  end();
}

void GuestTerminal::open() {
  if (has_input_) raw_mode_.emplace(STDIN_FILENO);
  pump_ = std::jthread([this] { pump(); });
}

void GuestTerminal::close() {
  end();
  const int error = output_error_;
  if (error == EPIPE) throw OutputClosed();
  if (error != 0) {
    throw Failure(ExitStatus::environment,
                  fmt::format("cannot write the output: {}", std::strerror(error)));
  }
}

// Once both copies of the guest's end are closed, the pump ends.
void GuestTerminal::end() noexcept {
  guest_end_.close();
  if (pump_.joinable()) pump_.join();
  raw_mode_.reset();
  // Start a new line for our next message or the user's prompt.
  if (std::exchange(in_line_, false) && has_input_) {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, "\n", 1);
  }
}

void GuestTerminal::pump() {
  const int out = own_output_ ? own_output_.get() : STDOUT_FILENO;
  bool guest_speaks = true;
  while (guest_speaks || !output_.empty()) {
    const short guest_events =
        static_cast<short>((output_.empty() ? POLLIN : 0) | (keys_.empty() ? 0 : POLLOUT));
    std::array<pollfd, 4> events{
        {{has_input_ && keys_.size() < kMostKeys ? STDIN_FILENO : -1, POLLIN, 0},
         {guest_speaks && guest_events != 0 ? our_end_.get() : -1, guest_events, 0},
         {output_.empty() ? -1 : out, POLLOUT, 0},
         {sys::interruptDescriptor(), POLLIN, 0}}};
    ::poll(events.data(), events.size(), -1);
    if (events[3].revents != 0) return;
    if (events[0].revents != 0 && !takeKeys()) {
      ::kill(::getpid(), SIGINT);
      return;
    }
    if (events[1].revents != 0) {
      if (!keys_.empty() && !sendKeys()) keys_.clear();
      if (output_.empty()) guest_speaks = takeOutput();
    }
    if (events[2].revents != 0 && !writeOutput()) {
      ::kill(::getpid(), SIGTERM);  // the reader went away
      return;
    }
  }
}

bool GuestTerminal::takeKeys() {
  const std::size_t before = keys_.size();
  const ssize_t size = readSome(STDIN_FILENO, keys_);
  if (size == 0 || (size < 0 && !isPassing(errno))) has_input_ = false;  // the terminal is gone
  return keys_.find(kEscape, before) == std::string::npos;
}

bool GuestTerminal::sendKeys() {
  const ssize_t size = ::send(our_end_.get(), keys_.data(), keys_.size(), MSG_NOSIGNAL);
  if (size > 0) keys_.erase(0, static_cast<std::size_t>(size));
  return size >= 0 || isPassing(errno);
}

bool GuestTerminal::takeOutput() {
  const ssize_t size = readSome(our_end_.get(), output_);
  return size > 0 || (size < 0 && isPassing(errno));
}

bool GuestTerminal::writeOutput() {
  const int out = own_output_ ? own_output_.get() : STDOUT_FILENO;
  const ssize_t size = ::write(out, output_.data(), output_.size());
  if (size > 0) {
    in_line_ = output_[static_cast<std::size_t>(size) - 1] != '\n';
    output_.erase(0, static_cast<std::size_t>(size));
    return true;
  }
  if (size == 0 || isPassing(errno)) return true;
  output_error_ = errno;
  return false;
}

}  // namespace runner
