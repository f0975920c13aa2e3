// SPDX-License-Identifier: GPL-2.0
// The grids of several trees: how many requirements fail on each, and what each case says on each.
#pragma once

#include <string>
#include <vector>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// True when the trees were judged without and with the series.
bool comparesSides(const MatrixResults& matrix);

// One row for each tree, one column for each filesystem and side: "A 19/20 V 1/6" is 19 of 20
// requirements A1, A2 and so on that do not pass, which a last line explains. A tree without a
// kernel says so instead.
std::string overviewGrid(const MatrixResults& matrix, const Style& style);

// One row for each case and its subjects, one column for each tree that has a kernel. With both
// sides a cell is what the case says about the series on all filesystems ("differs" where these do
// not agree, "fails" where it fails on one), with a single side its verdict, the worst one.
std::string caseGrid(const MatrixResults& matrix, const Style& style);

// The cases on which the filesystems of a tree do not agree, one text for each:
// "A2.Case on overlay: proves on ext4, xfs; guards on btrfs (mainline, 6.1.y)".
std::vector<std::string> differences(const MatrixResults& matrix, const Style& style);

}  // namespace runner
