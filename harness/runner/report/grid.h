// SPDX-License-Identifier: GPL-2.0
// The grid: one row for each requirement, one column for each subject and filesystem.
#pragma once

#include <string>

#include "runner/report/text.h"
#include "runner/results.h"

namespace runner {

// What a cell says about one verdict: a check mark or "ok", otherwise the verdict's name, in
// capitals when somebody has to look at it.
std::string cellOf(Verdict verdict, const Style& style);
Tone toneOf(Verdict verdict);

// A cell is the worst verdict of its cases; "+skip" behind a pass says that some were skipped.
std::string requirementGrid(const RunResults& results, const Style& style);

// Two kernels side by side: one row for each case and its subjects, for each filesystem the verdict
// without and with the series, and what that says about the series.
std::string comparisonGrid(const RunResults& results, const Style& style);

// Filesystems, requirements or subjects in the order in which the results name them first.
std::vector<std::string> filesystemsOf(const RunResults& results);

}  // namespace runner
