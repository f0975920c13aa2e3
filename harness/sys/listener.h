// SPDX-License-Identifier: GPL-2.0-only
// A file that the kernel opens by itself, for somebody who listens to what others do with it.
#pragma once

#include <optional>
#include <string>

#include "sys/open_file.h"

namespace sys {

// Opens the file of this path, and returns the descriptor that fanotify(7) made of it for a
// listener, for reading. Nothing: the kernel has no fanotify. Throws SetupError.
std::optional<File> openedForListener(const std::string& path);

}  // namespace sys
