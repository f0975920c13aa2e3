// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/files.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/reports/failures.h"
#include "runner/reports/formats.h"
#include "runner/reports/table.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// The formats. The first file of each is what reports of an earlier run are recognised by.
struct TreeReport {
  const char* file;
  std::string (*text)(const Results& results, const TreeResults& tree);
};
constexpr std::array kOfEachTree = {
    TreeReport{"results.json", json},
    TreeReport{"results.ktap", ktap},
    TreeReport{"results.xml", junit},
    TreeReport{"failures.txt", allFailures},
};

std::string tableOfNow(const Results& results) {
  return tableText(results, std::time(nullptr));
}
struct RunReport {
  const char* file;
  std::string (*text)(const Results& results);
};
constexpr std::array kOfSeveralTrees = {
    RunReport{"matrix.json", matrixJson},
    RunReport{"matrix.txt", tableOfNow},
};

void writeFile(const fs::path& file, const std::string& content) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out << content << std::flush;
  if (out) return;
  throw Failure(ExitStatus::environment,
                fmt::format("cannot write the report {}: {}", file.string(), std::strerror(errno)));
}

// Written beside the folder's files first, then moved to where readers see them.
template <typename Reports, typename... Of>
void write(const Reports& reports, const fs::path& folder, const Of&... of) {
  const TemporaryFolder temporary(folder);
  for (const auto& report : reports) writeFile(temporary.path() / report.file, report.text(of...));
  for (const auto& report : reports) {
    fs::rename(temporary.path() / report.file, folder / report.file);
  }
}

template <typename Reports>
void remove(const Reports& reports, const fs::path& folder) {
  std::error_code ignored;
  for (auto report = reports.rbegin(); report != reports.rend(); ++report) {
    fs::remove(folder / report->file, ignored);
  }
}

bool isPlainName(const fs::path& name) {
  return !name.empty() && name == name.filename() && name != "." && name != "..";
}

void removeReportsOfTree(const fs::path& folder) {
  std::error_code ignored;
  const auto logs = namesIn(folder / kOfEachTree.front().file, "machines", "console_log");
  if (!logs) return;
  for (const fs::path log : *logs) {
    if (isPlainName(log.filename())) fs::remove(folder / log.filename(), ignored);
  }
  remove(kOfEachTree, folder);
}

}  // namespace

std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on) {
  return fmt::format("console-{}-{}.log", filesystem,
                     own_kernel  ? "own"
                     : series_on ? "on"
                                 : "off");
}

void removeReports(const fs::path& folder) {
  std::error_code ignored;
  removeReportsOfTree(folder);
  const auto titles = namesIn(folder / kOfSeveralTrees.front().file, "trees", "tree");
  if (!titles) return;
  for (const fs::path title : *titles) {
    if (!isPlainName(title)) continue;
    removeReportsOfTree(folder / title);
    if (fs::is_empty(folder / title, ignored)) fs::remove(folder / title, ignored);
  }
  remove(kOfSeveralTrees, folder);
}

void writeReports(const Results& results, const fs::path& folder) {
  if (results.isOfOneTree()) return write(kOfEachTree, folder, results, results.trees.front());
  for (const TreeResults& tree : results.trees) {
    write(kOfEachTree, folder / tree.title, results, tree);
  }
  write(kOfSeveralTrees, folder, results);
}

}  // namespace runner
