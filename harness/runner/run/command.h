// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

// Tests a kernel: builds it if needed, boots it once per filesystem, writes the reports.
Command<RunOptions> runCommand();
Command<RunOptions> exploreCommand();

struct MergeOptions {
  std::vector<std::string> directories;  // each has one shard
  std::filesystem::path out, table;      // as for `run`
};
// Merges the shards of a run.
Command<MergeOptions> mergeCommand();

}  // namespace runner
