// SPDX-License-Identifier: GPL-2.0-only
// The grids of a table. For one tree: its requirements, or its cases without and with the series.
// For several trees: how many requirements fail on each, and the outcome of each case on each.
#pragma once

#include <string>
#include <vector>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// One row for each requirement, one column for each subject and filesystem of the first tree. A
// cell is the worst verdict of its cases; "+skip" after a pass means that some were skipped.
std::string requirementGrid(const Results& results, const Style& style);

// Two kernels of the first tree side by side: one row for each case and its subjects with the
// verdict without and with the series on each filesystem, and what that shows about the series.
std::string comparisonGrid(const Results& results, const Style& style);

// One row for each tree, one column for each filesystem and side. "A 19/20 V 1/6": 19 of the 20
// requirements A1, A2 and so on do not pass; the last line explains this. For a tree without a
// kernel, says so instead.
std::string overviewGrid(const Results& results, const Style& style);

// One row for each case and its subjects, one column for each tree with a kernel. With both sides,
// a cell is what the case shows about the series: "differs" if the filesystems disagree, "fails" if
// it fails on any. With a single side, it is the worst verdict. Empty if there are no cases.
std::string caseGrid(const Results& results, const Style& style);

// The cases on which the filesystems of a tree disagree, one text for each:
// "A2.Case on overlay: proves on ext4, xfs; guards on btrfs (mainline, 6.1.y)".
std::vector<std::string> differences(const Results& results, const Style& style);

}  // namespace runner
