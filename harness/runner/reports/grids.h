// SPDX-License-Identifier: GPL-2.0
// The grids of a table: the requirements of one tree, or its cases without and with the series; how
// many requirements fail on each of several trees, and what each case says on each.
#pragma once

#include <string>
#include <vector>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// One row for each requirement, one column for each subject and filesystem of the first tree. A
// cell is the worst verdict of its cases; "+skip" behind a pass says that some were skipped.
std::string requirementGrid(const Results& results, const Style& style);

// Two kernels of the first tree side by side: one row for each case and its subjects, for each
// filesystem the verdict without and with the series, and what that says about the series.
std::string comparisonGrid(const Results& results, const Style& style);

// One row for each tree, one column for each filesystem and side: "A 19/20 V 1/6" is 19 of 20
// requirements A1, A2 and so on that do not pass, which a last line explains. A tree without a
// kernel says so instead.
std::string overviewGrid(const Results& results, const Style& style);

// One row for each case and its subjects, one column for each tree that has a kernel. With both
// sides a cell is what the case says about the series on all filesystems ("differs" where these do
// not agree, "fails" where it fails on one), with a single side its verdict, the worst one. Empty
// without a case.
std::string caseGrid(const Results& results, const Style& style);

// The cases on which the filesystems of a tree do not agree, one text for each:
// "A2.Case on overlay: proves on ext4, xfs; guards on btrfs (mainline, 6.1.y)".
std::vector<std::string> differences(const Results& results, const Style& style);

}  // namespace runner
