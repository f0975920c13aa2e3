// SPDX-License-Identifier: GPL-2.0-only
// SeriesFit: how all patches of a series fit a tree, one on top of the other.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/progress.h"
#include "runner/kernels/patch_fit.h"
#include "runner/kernels/series.h"

namespace runner {

struct SeriesFit {
  std::vector<PatchFit> patches;

  std::size_t hunks() const;
  std::size_t count(Fit fit) const;  // of hunks; a patch with a problem is one conflict
  // One line each: "a-syncfs/0001-x: fs/sync.c: hunk 1 at line 160, 3 lines up".
  std::vector<std::string> fuzzy() const;
  std::vector<std::string> moved() const;  // that fit, at another line
  // Every patch that does not apply, with its hunks and their text; empty if all apply.
  std::string refusal() const;
};

// Applies a series to a tree. Where a hunk conflicts, everything else is applied all the same, so
// that the answer has all conflicts of all patches; the tree is of no use then. Throws Failure
// (environment) as applyPatch() does.
SeriesFit applySeries(const Series& series, const std::filesystem::path& tree, Progress& progress);

// The patches of a series that a tree has already, in their order; the tree stays as it is. Throws
// Failure (environment) as above.
std::vector<std::filesystem::path> patchesIn(const std::filesystem::path& tree,
                                             const Series& series, Progress& progress);

}  // namespace runner
