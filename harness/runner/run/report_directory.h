// SPDX-License-Identifier: GPL-2.0
// ReportDirectory: where the reports of one run go.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "runner/base/cache.h"
#include "runner/results/results.h"

namespace runner {

class ReportDirectory {
 public:
  // wanted: the user's directory, made if it is missing; empty: a new one below the cache, where
  // results/last names the newest and older ones than the last ten are removed. Throws Failure:
  // usage when it is no directory, environment when it can't be written.
  ReportDirectory(const std::filesystem::path& wanted, const Cache& cache);
  ReportDirectory(const ReportDirectory&) = delete;
  ReportDirectory& operator=(const ReportDirectory&) = delete;
  // Removes the directory again when it was made here and nothing was published.
  ~ReportDirectory();

  const std::filesystem::path& path() const { return path_; }
  // For files that grow while machines run; what nobody publishes is gone at the end.
  const std::filesystem::path& temporary() const { return temporary_->path(); }

  // Moves the console logs from temporary() to the same place below path(), and tells the machines.
  void keepLogs(std::vector<MachineResult>& machines) const;
  // Says that the reports are in path(): results/last names it, and an old run makes room.
  void publish() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path results_;  // the cache's directory of results; empty for the user's own
  std::optional<TemporaryDirectory> temporary_;
  bool made_here_ = false;
};

}  // namespace runner
