// SPDX-License-Identifier: GPL-2.0-only
#include "sys/listener.h"

#include <sys/fanotify.h>
#include <unistd.h>

#include <cerrno>

#include "sys/setup_error.h"

namespace sys {

std::optional<File> openedForListener(const std::string& path) {
  const int made = ::fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);
  if (made < 0 && errno == ENOSYS) return std::nullopt;
  const File listener{Descriptor(static_cast<int>(require(made, "fanotify_init", path)))};
  require(::fanotify_mark(listener.descriptor(), FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, path.c_str()),
          "fanotify_mark", path);
  (void)File(path, O_RDONLY);
  fanotify_event_metadata event{};
  require(::read(listener.descriptor(), &event, sizeof(event)), "read the event of", path);
  return File(Descriptor(static_cast<int>(require(event.fd, "the event of", path))));
}

}  // namespace sys
