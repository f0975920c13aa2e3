// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

// Judges a kernel: provides it, boots it once for each filesystem, reports.
Command<RunOptions> runCommand();

struct MergeOptions {
  std::vector<std::string> directories;  // each with a shard
  std::filesystem::path out, table;      // as of a run
};
// Merges the shards of a run.
Command<MergeOptions> mergeCommand();

}  // namespace runner
