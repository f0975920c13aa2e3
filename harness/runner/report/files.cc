// SPDX-License-Identifier: GPL-2.0
#include "runner/report/files.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "runner/cache.h"
#include "runner/failure.h"
#include "runner/report/failures.h"
#include "runner/report/json.h"
#include "runner/report/junit.h"
#include "runner/report/ktap.h"
#include "runner/report/matrix_json.h"
#include "runner/report/table_file.h"

namespace runner {
namespace {

void writeFile(const std::filesystem::path& file, const std::string& content) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out << content << std::flush;
  if (out) return;
  throw Failure(ExitStatus::environment,
                fmt::format("cannot write the report {}: {}", file.string(), std::strerror(errno)));
}

// Moves what was written so far to where readers see it.
void publish(const TemporaryFolder& temporary, const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(temporary.path())) {
    std::filesystem::rename(entry.path(), folder / entry.path().filename());
  }
}

}  // namespace

std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on) {
  return fmt::format("console-{}-{}.log", filesystem,
                     own_kernel  ? "own"
                     : series_on ? "on"
                                 : "off");
}

void writeReports(const RunResults& results, const std::filesystem::path& folder) {
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

void writeReports(const MatrixResults& matrix, const std::filesystem::path& folder) {
  for (const MatrixResults::Tree& tree : matrix.trees) {
    writeReports(tree.results, folder / tree.title);
  }
  const TemporaryFolder temporary(folder);
  writeFile(temporary.path() / "matrix.txt", tableText(matrix, std::time(nullptr)));
  writeFile(temporary.path() / "matrix.json", json(matrix));
  publish(temporary, folder);
}

}  // namespace runner
