// SPDX-License-Identifier: GPL-2.0
// The grids of one tree: its requirements, or its cases without and with the series.
#pragma once

#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// One row for each requirement, one column for each subject and filesystem. A cell is the worst
// verdict of its cases; "+skip" behind a pass says that some were skipped.
std::string requirementGrid(const RunResults& results, const Style& style);

// Two kernels side by side: one row for each case and its subjects, for each filesystem the verdict
// without and with the series, and what that says about the series.
std::string comparisonGrid(const RunResults& results, const Style& style);

}  // namespace runner
