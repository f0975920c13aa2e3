// SPDX-License-Identifier: GPL-2.0-only
// Which of our trees has the series for a source of the user's own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/trees.h"

namespace runner {

// The choice among our trees that is left to us.
inline constexpr const char* kNearestTree = "auto";

// Copies those of the files that the source has into a directory.
using TakeFiles =
    std::function<void(const std::set<std::string>& files, const std::filesystem::path& into)>;

struct NearestTree {
  std::string name;     // of one of ours, never a distribution's
  std::string release;  // of the source: "6.6.63"
  std::string reason;   // "6.12.y fits Linux 6.6.63 best: ..."
};

// The tree of the same release if there is one. Otherwise the one whose series, applied to copies
// of the files that they touch, have the fewest conflicts, then the least fuzz, then the nearest
// release; it may have conflicts all the same. source: what to call it; scratch: where to make the
// copies. Throws Failure:
// usage for a source without a release in its Makefile, environment for a full disk.
NearestTree nearestTree(const std::string& source, const Trees& trees, const TakeFiles& take,
                        const std::filesystem::path& scratch, Progress& progress);

// The same for the user's source directory or tarball. Throws what recogniseSource() throws, too.
NearestTree nearestTreeOf(const std::filesystem::path& own, const Trees& trees, const Cache& cache,
                          Progress& progress);

}  // namespace runner
