// SPDX-License-Identifier: GPL-2.0-only
// CheckedTree: what all checks of one tree share: its series, its source and earlier results.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/project.h"
#include "runner/kernels/series.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "series/check/finding.h"

namespace runner {

// The series of a tree as they are when a check of them begins. The check may take an hour, and
// what is edited meanwhile must not pass as checked.
class FixedSeries {
 public:
  // Throws as readSeries() does.
  explicit FixedSeries(const std::vector<std::filesystem::path>& directories);

  const Series& whole() const { return series_; }
  const std::vector<std::filesystem::path>& patches() const { return series_.patches; }
  std::size_t size() const { return series_.patches.size(); }
  // SHA-256 over the diffs of the first `count` patches.
  const std::string& hashOfFirst(std::size_t count) const { return hashes_[count]; }
  // The full text of a patch, with its changelog.
  const std::string& text(std::size_t index) const { return texts_[index]; }

  // Throws Failure (build) if a patch has changed.
  void requireUnchanged() const;

 private:
  const Series series_;
  std::vector<std::string> hashes_, texts_;
};

// The results of earlier runs of `series check`, by a key of their inputs.
class KnownResults {
 public:
  explicit KnownResults(const Cache& cache) : directory_(cache.directory("series-check")) {}

  // A key made of everything that a result depends on.
  static std::string keyOf(const std::vector<std::string>& parts);

  std::optional<nlohmann::json> find(const std::string& key) const;
  void keep(const std::string& key, const nlohmann::json& result) const;

 private:
  std::filesystem::path directory_;
};

struct CheckedTree {
  const Tree& tree;
  const Source& source;
  const Project& project;
  const Cache& cache;
  const KnownResults known{cache};
  const FixedSeries series{tree.series};
  const std::vector<Exception> exceptions =
      readExceptions(project.root / "patches" / "exceptions.toml");

  // The name that exceptions use.
  std::string nameOf(std::size_t patch) const {
    return nameOfPatch(tree.name, series.patches()[patch]);
  }
  // The finding that complaints about a patch, given by its index, amount to.
  Finding findingOf(Check check, std::size_t patch,
                    const std::vector<std::string>& complaints) const {
    return runner::findingOf(check, nameOf(patch), complaints, exceptions);
  }
};

}  // namespace runner
