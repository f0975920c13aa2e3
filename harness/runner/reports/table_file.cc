// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/table_file.h"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/reports/matrix_table.h"
#include "runner/reports/table.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// Several trees take more columns, and a file has room for them.
constexpr std::size_t kColumns = 100;
constexpr std::size_t kColumnsOfSeveral = 120;

template <typename Results>
std::string textOf(const Results& results, std::time_t made, std::size_t columns) {
  const Style style{.color = false, .unicode = true, .width = columns};
  return fmt::format("ovl-syncfs {}, {:%Y-%m-%d}\n\n{}", results.version, fmt::gmtime(made),
                     table(results, "", style));
}

Failure refusal(const fs::path& file, std::string_view why) {
  return {ExitStatus::usage, fmt::format("--table {}: {}", file.string(), why)};
}

}  // namespace

std::string tableText(const RunResults& results, std::time_t made) {
  return textOf(results, made, kColumns);
}

std::string tableText(const MatrixResults& matrix, std::time_t made) {
  return textOf(matrix, made, kColumnsOfSeveral);
}

void checkTableFile(const fs::path& file) {
  std::error_code error;
  const fs::path folder = fs::absolute(file).parent_path();
  if (!file.has_filename() || fs::is_directory(file, error)) {
    throw refusal(file, "that is a folder, and the table is a file");
  }
  if (!fs::is_directory(folder, error)) {
    throw refusal(file, fmt::format("there is no folder {}", folder.string()));
  }
  if (::access(folder.c_str(), W_OK) != 0) throw writeFailure(folder, errno);
}

void writeTableFile(const fs::path& file, const std::string& text) {
  writeFileAtomically(fs::absolute(file), text);
}

}  // namespace runner
