// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "runner/base/failure.h"
#include "runner/reports/files.h"
#include "runner/reports/table.h"
#include "runner/results/exit_status.h"
#include "runner/run/command.h"
#include "runner/run/report_directory.h"
#include "runner/run/shard_record.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// Copies the console logs, each to a name that is unique in the run. A log that is missing from its
// shard is not an error.
void takeLogs(Results& results, const fs::path& directory) {
  for (TreeResults& tree : results.trees) {
    const fs::path place = results.trees.size() == 1 ? directory : directory / tree.title;
    for (MachineResult& machine : tree.machines) {
      std::error_code error;
      const fs::path to =
          place / consoleLogName(machine.filesystem, machine.own_kernel, machine.series_on);
      fs::create_directories(to.parent_path(), error);
      fs::copy_file(machine.console_log, to, fs::copy_options::overwrite_existing, error);
      machine.console_log = error ? "" : to.string();
    }
  }
}

// The parts are read until the end, so none of them may be overwritten.
void refuseAsOutput(const std::string& part, const fs::path& out) {
  std::error_code error;
  if (out.empty() || !fs::equivalent(part, out, error)) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--out {} is one of the parts: name another directory", out.string()));
}

void offer(CLI::App& command, MergeOptions& options) {
  addArguments(command, {"DIR", "", "what `run --shard I/N --out DIR` wrote, each shard once"},
               options.directories);
  addOut(command, options.out);
  addTable(command, options.table);
}

int merge(const MergeOptions& options, const Project& /*project*/) {
  if (!options.table.empty()) checkTableFile(options.table);
  std::vector<ShardRecord> records;
  for (const std::string& directory : options.directories) records.push_back(readShard(directory));
  Results results = merged(records);
  const Cache cache = Cache::open();
  for (const std::string& directory : options.directories) refuseAsOutput(directory, options.out);
  ReportDirectory reports(options.out, cache);
  removeReports(reports.path());
  removeShard(reports.path());
  takeLogs(results, reports.path());
  writeReports(results, reports.path());
  reports.publish();
  showTable(results, reports.path(), options.table);
  return static_cast<int>(judge(results));
}

constexpr const char* kMergeDetails =
    R"(Each job of a CI runs one shard, and one of them merges the shards: into the reports, the table and
the exit status of a single run. A shard of --series both has no verdict on the series: it fails
only for what happens to its machines, and `merge` gives the verdict.

Examples:
  ovl-syncfs run --tree all --series both --shard 1/3 --out part-1
  ovl-syncfs merge part-1 part-2 part-3 --out all
)";

}  // namespace

Command<MergeOptions> mergeCommand() {
  return {"merge", "merge the shards of a run", fmt::format("{}\n{}", kMergeDetails, kExitStatus),
          offer, merge};
}

}  // namespace runner
