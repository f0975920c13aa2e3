// SPDX-License-Identifier: GPL-2.0
// `series check`.
#pragma once

#include <vector>

#include "runner/base/project.h"
#include "runner/kernels/trees.h"
#include "series/options.h"

namespace runner {

// Checks each patch of the series of those trees, and prints what came out. Throws Failure (usage)
// for a check that there is not. The exit status: pass when all is clean, build for a conflict,
// that of a tree that cannot be had, else fail.
int checkSeries(const SeriesOptions& options, const std::vector<Tree>& trees,
                const Project& project);

}  // namespace runner
