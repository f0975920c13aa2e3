// SPDX-License-Identifier: GPL-2.0-only
// A file that the kernel opens by itself, for somebody who listens to what others do with it.
#pragma once

#include <optional>
#include <string>

#include "sys/open_file.h"
#include "sys/result.h"

namespace sys {

// Opens the file of this path, and returns the descriptor that fanotify(7) made of it for a
// listener, for reading. Nothing: the kernel has no fanotify. Throws SetupError.
std::optional<File> openedForListener(const std::string& path);

// Each time an fd of this file or directory that was open for reading is closed, the kernel opens
// the file for a listener.
class OpenedWhenClosed {
 public:
  // Throws SetupError (ENOSYS: the kernel has no fanotify).
  explicit OpenedWhenClosed(std::string path);
  OpenedWhenClosed(const OpenedWhenClosed&) = delete;
  OpenedWhenClosed& operator=(const OpenedWhenClosed&) = delete;
  ~OpenedWhenClosed();
  // Once somebody has closed it: whether the kernel has opened it. Throws SetupError (ETIMEDOUT) if
  // nobody has for five seconds.
  [[nodiscard]] Result opened() const;

 private:
  std::string path_;
};

}  // namespace sys
