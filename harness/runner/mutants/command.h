// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

struct MutantsOptions : RunOptions {
  bool generate = false;  // make them by rule instead of reading those that are stored
  bool markdown = false;  // print the table of Documentation/mutants.md
  bool list = false;      // print only the names
  bool json = false;      // print them as JSON
};

// Builds and boots deliberately broken kernels and reports which case catches each.
Command<MutantsOptions> mutantsCommand();

}  // namespace runner
