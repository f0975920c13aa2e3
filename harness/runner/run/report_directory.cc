// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/report_directory.h"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 10;  // runs in the cache

// Sorts by time; the process id distinguishes two runs in the same second.
std::string nameOfNow() {
  return fmt::format("{:%Y-%m-%dT%H.%M.%SZ}-{}", fmt::gmtime(std::time(nullptr)), ::getpid());
}

void removeOldRuns(const fs::path& results) {
  std::error_code error;
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(results, error)) {
    if (entry.is_symlink(error) || !entry.path().filename().string().starts_with("20")) continue;
    runs.push_back(entry.path());
  }
  std::sort(runs.begin(), runs.end());
  for (std::size_t i = 0; i + kKept < runs.size(); ++i) {
    if (!isInUse(runs[i])) fs::remove_all(runs[i], error);
  }
}

}  // namespace

ReportDirectory::ReportDirectory(const fs::path& wanted, const Cache& cache) {
  if (wanted.empty()) {
    results_ = cache.directory("results");
    path_ = results_ / nameOfNow();
  } else {
    path_ = fs::absolute(wanted).lexically_normal();
  }
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error)) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--out {}: is a file, not a directory", wanted.string()));
  }
  made_here_ = fs::create_directories(path_, error);
  if (error) throw writeFailure(path_, error.value());
  removeLeftovers(path_);
  temporary_.emplace(path_);
}

ReportDirectory::~ReportDirectory() {
  temporary_.reset();
  std::error_code ignored;
  if (made_here_) fs::remove(path_, ignored);  // only when it is empty
}

void ReportDirectory::keepLogs(std::vector<MachineResult>& machines) const {
  for (MachineResult& machine : machines) {
    const fs::path written = machine.console_log;
    std::error_code error;
    if (written.empty() || !fs::exists(written, error)) {
      machine.console_log.clear();
      continue;
    }
    const fs::path kept = path_ / written.lexically_relative(temporary());
    fs::create_directories(kept.parent_path(), error);
    fs::rename(written, kept, error);
    if (error) throw writeFailure(kept, error.value());
    machine.console_log = kept.string();
  }
}

void ReportDirectory::publish() const {
  if (results_.empty()) return;
  std::error_code error;
  fs::create_directory_symlink(path_.filename(), temporary() / "last", error);
  if (!error) fs::rename(temporary() / "last", results_ / "last", error);
  if (error) throw writeFailure(results_ / "last", error.value());
  removeOldRuns(results_);
}

}  // namespace runner
