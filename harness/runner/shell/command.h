// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// Boots the guest with a prompt on the user's terminal, or runs standard input as a script in it;
// one filesystem. Gives the exit status of the guest's shell; throws as run() does.
int shell(const RunOptions& options, bool is_volatile, const Project& project);

}  // namespace runner
