// SPDX-License-Identifier: GPL-2.0
// The commands `run` and `merge`. Each gives the exit status of the program, and throws Failure,
// sys::Interrupted, sys::SetupError and OutputClosed.
#pragma once

#include <string>
#include <vector>

#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// Judges a kernel: provides it, boots it once for each filesystem, reports.
int run(const RunOptions& options, const Project& project);
// Puts the shards of a run together. Of the options, out and table are asked.
int merge(const std::vector<std::string>& folders, const RunOptions& options);

}  // namespace runner
