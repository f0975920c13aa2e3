// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// Counts the instructions of system calls without the tree's series and with them, on one
// filesystem. Of the options, series and machine are not asked. Gives the exit status of the
// program; throws as run() does.
int cost(const RunOptions& options, bool as_markdown, const Project& project);

}  // namespace runner
