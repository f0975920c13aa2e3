// SPDX-License-Identifier: GPL-2.0
// FixedSeries: the series of a tree as they are when a check of them begins. It may take an hour,
// and what somebody writes meanwhile must not be taken for what was looked at.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/kernels/series.h"

namespace runner {

class FixedSeries {
 public:
  // Throws as readSeries() does.
  explicit FixedSeries(const std::vector<std::filesystem::path>& folders);

  const Series& whole() const { return series_; }
  const std::vector<std::filesystem::path>& patches() const { return series_.patches; }
  std::size_t size() const { return series_.patches.size(); }
  // SHA-256 over the diffs of the first patches, so many of them.
  const std::string& hashOfFirst(std::size_t count) const { return hashes_[count]; }
  // A patch as a whole, with its changelog.
  const std::string& text(std::size_t index) const { return texts_[index]; }

  // Throws Failure (build) when a patch is not what it was.
  void requireUnchanged() const;

 private:
  const Series series_;
  std::vector<std::string> hashes_, texts_;
};

}  // namespace runner
