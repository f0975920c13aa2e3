// SPDX-License-Identifier: GPL-2.0-only
#include "sys/listener.h"

#include <poll.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "sys/setup_error.h"

namespace sys {
namespace {

// One for all calls: the kernel takes ten milliseconds to close a listener. Nothing: it has none.
const std::optional<File>& listener() {
  static const std::optional<File> kListener = []() -> std::optional<File> {
    const int made = ::fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);
    if (made < 0 && errno == ENOSYS) return std::nullopt;
    return File(Descriptor(static_cast<int>(require(made, "fanotify_init", "a listener"))));
  }();
  return kListener;
}

long mark(const std::string& path, unsigned flags, std::uint64_t events) {
  return ::fanotify_mark(listener()->descriptor(), flags, events, AT_FDCWD, path.c_str());
}

constexpr std::uint64_t kClosed = FAN_CLOSE_NOWRITE | FAN_ONDIR;

}  // namespace

std::optional<File> openedForListener(const std::string& path) {
  if (!listener()) return std::nullopt;
  require(mark(path, FAN_MARK_ADD, FAN_OPEN), "fanotify_mark", path);
  (void)File(path, O_RDONLY);
  fanotify_event_metadata event{};
  require(::read(listener()->descriptor(), &event, sizeof(event)), "read the event of", path);
  std::optional<File> file(std::in_place,
                           Descriptor(static_cast<int>(require(event.fd, "the event of", path))));
  require(mark(path, FAN_MARK_REMOVE, FAN_OPEN), "fanotify_mark", path);
  return file;
}

OpenedWhenClosed::OpenedWhenClosed(std::string path) : path_(std::move(path)) {
  if (!listener()) throw SetupError("fanotify_init", "a listener", ENOSYS);
  require(mark(path_, FAN_MARK_ADD, kClosed), "fanotify_mark", path_);
}

OpenedWhenClosed::~OpenedWhenClosed() {
  mark(path_, FAN_MARK_REMOVE, kClosed);
}

Result OpenedWhenClosed::opened() const {
  constexpr int kMilliseconds = 5000;
  pollfd told{.fd = listener()->descriptor(), .events = POLLIN, .revents = 0};
  if (::poll(&told, 1, kMilliseconds) != 1) throw SetupError("event", "of " + path_, ETIMEDOUT);
  fanotify_event_metadata event{};
  const Result read = Result::ofCall(::read(listener()->descriptor(), &event, sizeof(event)));
  if (read.ok()) const Descriptor closed(event.fd);
  return read;
}

}  // namespace sys
