// SPDX-License-Identifier: GPL-2.0
#include <fmt/core.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <system_error>

#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/reports/files.h"
#include "runner/reports/matrix_table.h"
#include "runner/reports/table.h"
#include "runner/reports/table_file.h"
#include "runner/results/exit_status.h"
#include "runner/run/command.h"
#include "runner/run/report_folder.h"
#include "runner/run/shard_record.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// A name that no two machines of the run share.
fs::path logOf(const MatrixResults& matrix, const MatrixResults::Tree& tree,
               const MachineResult& machine) {
  const fs::path log = consoleLogName(machine.filesystem, machine.own_kernel, machine.series_on);
  return matrix.trees.size() == 1 ? log : tree.title / log;
}

// Brings the console logs along. One that did not come with its shard is no reason to stop.
void takeLogs(MatrixResults& matrix, const fs::path& folder) {
  for (MatrixResults::Tree& tree : matrix.trees) {
    for (MachineResult& machine : tree.results.machines) {
      std::error_code error;
      const fs::path to = folder / logOf(matrix, tree, machine);
      fs::create_directories(to.parent_path(), error);
      fs::copy_file(machine.console_log, to, fs::copy_options::overwrite_existing, error);
      machine.console_log = error ? "" : to.string();
    }
  }
}

// What is there is read until the end.
void refuseAsOutput(const std::string& part, const fs::path& out) {
  std::error_code error;
  if (out.empty() || !fs::equivalent(part, out, error)) return;
  throw Failure(ExitStatus::usage,
                fmt::format("--out {} is one of the parts: name another folder", out.string()));
}

}  // namespace

int merge(const std::vector<std::string>& folders, const RunOptions& options) {
  if (!options.table.empty()) checkTableFile(options.table);
  std::vector<ShardRecord> records;
  for (const std::string& folder : folders) records.push_back(readShard(folder));
  MatrixResults matrix = merged(records);
  const Cache cache = Cache::open();
  for (const std::string& folder : folders) refuseAsOutput(folder, options.out);
  ReportFolder reports(options.out, cache);
  std::vector<MachineResult> none;
  removeReports(reports.path());
  removeShard(reports.path());
  reports.publish(none, [&](const fs::path& folder) {
    takeLogs(matrix, folder);
    withResults(matrix, [&](const auto& results) { writeReports(results, folder); });
  });
  return withResults(matrix, [&](const auto& results) {
    print(table(results, reports.path().string(), styleFor(STDOUT_FILENO)));
    if (!options.table.empty()) {
      writeTableFile(options.table, tableText(results, std::time(nullptr)));
    }
    return static_cast<int>(judge(results));
  });
}

}  // namespace runner
