// SPDX-License-Identifier: GPL-2.0
// CheckedTree: what all checks of one tree look at, and what they remember.
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

// The series of a tree as they are when a check of them begins. It may take an hour, and what
// somebody writes meanwhile must not be taken for what was looked at.
class FixedSeries {
 public:
  // Throws as readSeries() does.
  explicit FixedSeries(const std::vector<std::filesystem::path>& directories);

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

// What earlier runs of `series check` found, by what it was found of.
class KnownResults {
 public:
  explicit KnownResults(const Cache& cache) : directory_(cache.directory("series-check")) {}

  // A key for everything that a result hangs on.
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

  // As exceptions have it.
  std::string nameOf(std::size_t patch) const {
    return nameOfPatch(tree.name, series.patches()[patch]);
  }
  // What complaints about a patch, by its index, come to.
  Finding findingOf(Check check, std::size_t patch,
                    const std::vector<std::string>& complaints) const {
    return runner::findingOf(check, nameOf(patch), complaints, exceptions);
  }
};

}  // namespace runner
