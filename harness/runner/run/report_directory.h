// SPDX-License-Identifier: GPL-2.0-only
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
  // wanted: the user's directory, created if missing; empty: a new one in the cache, which keeps
  // those of the last ten runs and links the newest as results/last. Throws Failure: usage if it is
  // not a directory, environment if it is not writable.
  ReportDirectory(const std::filesystem::path& wanted, const Cache& cache);
  ReportDirectory(const ReportDirectory&) = delete;
  ReportDirectory& operator=(const ReportDirectory&) = delete;
  // Removes the directory if it was created here and is empty.
  ~ReportDirectory();

  const std::filesystem::path& path() const { return path_; }
  // For files that grow while machines run; removed in the end.
  const std::filesystem::path& temporary() const { return temporary_->path(); }

  // Moves the console logs from temporary() to path() and updates their paths in the results.
  void keepLogs(std::vector<MachineResult>& machines) const;
  // Links path() as results/last and removes the oldest runs.
  void publish() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path results_;  // the cache's directory of results; empty for the user's own
  std::optional<TemporaryDirectory> temporary_;
  bool made_here_ = false;
};

}  // namespace runner
