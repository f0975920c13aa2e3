// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/results/results.h"
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

// Prints the table of a run, and writes it to the file too unless that is empty.
void printTable(const MatrixResults& matrix, const std::filesystem::path& reports,
                const std::filesystem::path& file);

}  // namespace runner
