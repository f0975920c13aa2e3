// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "runner/base/project.h"
#include "series/options.h"

namespace runner {

// Tells how the series fit the newest release of each tree, exports one, or makes a git tree for
// it. Gives the exit status of the program; throws as the other commands do.
int series(const SeriesOptions& options, const Project& project);

}  // namespace runner
