// SPDX-License-Identifier: GPL-2.0-only
#include "sys/listener.h"

#include <sys/fanotify.h>
#include <unistd.h>

#include <cerrno>
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

void mark(const std::string& path, unsigned flags) {
  require(::fanotify_mark(listener()->descriptor(), flags, FAN_OPEN, AT_FDCWD, path.c_str()),
          "fanotify_mark", path);
}

}  // namespace

std::optional<File> openedForListener(const std::string& path) {
  if (!listener()) return std::nullopt;
  mark(path, FAN_MARK_ADD);
  (void)File(path, O_RDONLY);
  fanotify_event_metadata event{};
  require(::read(listener()->descriptor(), &event, sizeof(event)), "read the event of", path);
  std::optional<File> file(std::in_place,
                           Descriptor(static_cast<int>(require(event.fd, "the event of", path))));
  mark(path, FAN_MARK_REMOVE);
  return file;
}

}  // namespace sys
