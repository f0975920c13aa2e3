// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/files.h"

#include <fmt/core.h>

#include <algorithm>
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

// The formats. The first file of each list identifies the reports of an earlier run.
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

// Writes to a temporary directory first, so that readers never see half of a report.
template <typename Reports, typename... Of>
void write(const Reports& reports, const fs::path& directory, const Of&... of) {
  const TemporaryDirectory temporary(directory);
  for (const auto& report : reports) writeFile(temporary.path() / report.file, report.text(of...));
  for (const auto& report : reports) {
    fs::rename(temporary.path() / report.file, directory / report.file);
  }
}

template <typename Reports>
void remove(const Reports& reports, const fs::path& directory) {
  std::error_code ignored;
  for (auto report = reports.rbegin(); report != reports.rend(); ++report) {
    fs::remove(directory / report->file, ignored);
  }
}

bool isPlainName(const fs::path& name) {
  return !name.empty() && name == name.filename() && name != "." && name != "..";
}

void removeReportsOfTree(const fs::path& directory) {
  std::error_code ignored;
  const auto logs = namesIn(directory / kOfEachTree.front().file, "machines", "console_log");
  if (!logs) return;
  for (const fs::path log : *logs) {
    if (isPlainName(log.filename())) fs::remove(directory / log.filename(), ignored);
  }
  remove(kOfEachTree, directory);
}

}  // namespace

std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on) {
  std::string name = filesystem;
  std::ranges::replace(name, ':', '-');  // which uploads of some forges refuse
  return fmt::format("console-{}-{}.log", name, own_kernel ? "own" : series_on ? "on" : "off");
}

void removeReports(const fs::path& directory) {
  std::error_code ignored;
  removeReportsOfTree(directory);
  const auto titles = namesIn(directory / kOfSeveralTrees.front().file, "trees", "tree");
  if (!titles) return;
  for (const fs::path title : *titles) {
    if (!isPlainName(title)) continue;
    removeReportsOfTree(directory / title);
    if (fs::is_empty(directory / title, ignored)) fs::remove(directory / title, ignored);
  }
  remove(kOfSeveralTrees, directory);
}

void writeReports(const Results& results, const fs::path& directory) {
  if (results.isOfOneTree()) return write(kOfEachTree, directory, results, results.trees.front());
  for (const TreeResults& tree : results.trees) {
    write(kOfEachTree, directory / tree.title, results, tree);
  }
  write(kOfSeveralTrees, directory, results);
}

}  // namespace runner
