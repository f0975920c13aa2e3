// SPDX-License-Identifier: GPL-2.0
// `series export` and `series tree`.
#pragma once

#include <vector>

#include "runner/kernels/trees.h"
#include "series/options.h"

namespace runner {

// Writes the series of one tree to where the options say, and prints what there is to do next.
// Throws Failure (usage) for several trees, and what the exports throw.
int exportSeries(const SeriesOptions& options, const std::vector<Tree>& trees);

// Makes a git tree of a tree's newest release. Throws Failure (usage) when something is there.
int makeTree(const SeriesOptions& options, const Tree& tree);

}  // namespace runner
