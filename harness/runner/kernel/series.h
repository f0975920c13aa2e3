// SPDX-License-Identifier: GPL-2.0
// Series: patches in the order of their `series` file, and the source tree with them applied.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/cache.h"
#include "runner/progress.h"

namespace runner {

struct Series {
  std::vector<std::string> names;              // folders: "a-syncfs"
  std::vector<std::filesystem::path> patches;  // files, in the order of application
  std::string hash;                            // SHA-256 over their contents in this order

  std::string label() const;        // for file names: "a-syncfs+b-volatile-failstop"
  std::string description() const;  // "a-syncfs (3 patches)"
};

// Reads the `series` file of each folder: a file name a line, '#' begins a comment. Throws Failure
// (build) when one is missing, empty, or names a patch that isn't there.
Series readSeries(const std::vector<std::filesystem::path>& folders);

// A copy of `pristine` beside it with the series applied: hard links, but for the files that the
// patches change, so `pristine` stays as it is. The folder's name hangs on the series' name alone:
// when a patch was edited, only the files that it touches get a new time, and a build directory
// keeps its worth. Throws Failure (build) that names a patch that doesn't apply, with file, hunk
// and the hunk's text. Applies without fuzz. The caller holds the tree's lock.
std::filesystem::path patchedTree(const std::filesystem::path& pristine, const Series& series,
                                  Progress& progress);

}  // namespace runner
