// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

struct ShellOptions : RunOptions {
  bool is_volatile = false;    // the overlay
  std::filesystem::path disk;  // an image that keeps what is written; empty: none
  bool is_shared = false;      // the image: nothing is written to it
};

// Boots the guest and connects its shell to the user's terminal, or runs standard input as a
// script. The exit status is that of the guest's shell.
Command<ShellOptions> shellCommand();

}  // namespace runner
