// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

struct CostOptions : RunOptions {
  bool markdown = false;  // print the table of Documentation/cost.md
};

// Counts the instructions of system calls without the tree's series and with them, on one
// filesystem.
Command<CostOptions> costCommand();

}  // namespace runner
