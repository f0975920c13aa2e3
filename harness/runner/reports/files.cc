// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/files.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/read_file.h"
#include "runner/reports/failures.h"
#include "runner/reports/json.h"
#include "runner/reports/junit.h"
#include "runner/reports/ktap.h"
#include "runner/reports/matrix_json.h"
#include "runner/reports/table_file.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

void writeFile(const fs::path& file, const std::string& content) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out << content << std::flush;
  if (out) return;
  throw Failure(ExitStatus::environment,
                fmt::format("cannot write the report {}: {}", file.string(), std::strerror(errno)));
}

// Moves what was written so far to where readers see it.
void publish(const TemporaryFolder& temporary, const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(temporary.path())) {
    fs::rename(entry.path(), folder / entry.path().filename());
  }
}

// Null for a file that is not one of our reports with that part.
nlohmann::json reportIn(const fs::path& file, const char* part) {
  const auto report = nlohmann::json::parse(readFile(file), nullptr, false);
  const bool ours = report.is_object() && report.contains("format") && report.contains(part);
  return ours ? report : nlohmann::json();
}

// What a report names with this key, as a path; empty when it does not.
fs::path pathIn(const nlohmann::json& object, const char* key) {
  const bool there = object.is_object() && object.contains(key) && object[key].is_string();
  return there ? object[key].get<std::string>() : "";
}

bool isPlainName(const fs::path& name) {
  return !name.empty() && name == name.filename() && name != "." && name != "..";
}

void removeReportsOfTree(const fs::path& folder) {
  const nlohmann::json results = reportIn(folder / "results.json", "machines");
  if (results.is_null()) return;
  std::error_code ignored;
  for (const nlohmann::json& machine : results["machines"]) {
    const fs::path log = pathIn(machine, "console_log").filename();
    if (isPlainName(log)) fs::remove(folder / log, ignored);
  }
  for (const char* name : {"results.ktap", "results.xml", "failures.txt", "results.json"}) {
    fs::remove(folder / name, ignored);
  }
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
  const nlohmann::json matrix = reportIn(folder / "matrix.json", "trees");
  if (matrix.is_null()) return;
  for (const nlohmann::json& tree : matrix["trees"]) {
    const fs::path title = pathIn(tree, "tree");
    if (!isPlainName(title)) continue;
    const fs::path place = folder / title;
    removeReportsOfTree(place);
    if (fs::is_empty(place, ignored)) fs::remove(place, ignored);
  }
  for (const char* name : {"matrix.txt", "matrix.json"}) fs::remove(folder / name, ignored);
}

void writeReports(const RunResults& results, const fs::path& folder) {
  // Everything in full; empty when all is well, so that no failures of an earlier run stay there.
  const FailureLimits no_limits{
      .console_lines = 50, .blocks = static_cast<std::size_t>(-1), .in_full = ""};
  const Style style{.color = false, .unicode = true, .width = 100};
  const TemporaryFolder temporary(folder);
  writeFile(temporary.path() / "results.json", json(results));
  writeFile(temporary.path() / "results.ktap", ktap(results));
  writeFile(temporary.path() / "results.xml", junit(results));
  writeFile(temporary.path() / "failures.txt", failureReport(results, style, no_limits));
  publish(temporary, folder);
}

void writeReports(const MatrixResults& matrix, const fs::path& folder) {
  for (const MatrixResults::Tree& tree : matrix.trees) {
    writeReports(tree.results, folder / tree.title);
  }
  const TemporaryFolder temporary(folder);
  writeFile(temporary.path() / "matrix.txt", tableText(matrix, std::time(nullptr)));
  writeFile(temporary.path() / "matrix.json", json(matrix));
  publish(temporary, folder);
}

}  // namespace runner
