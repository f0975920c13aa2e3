// SPDX-License-Identifier: GPL-2.0
// The table: a whole run for people. What was judged, the grid, the failures, the summary.
#pragma once

#include <string>

#include "runner/report/text.h"
#include "runner/results.h"

namespace runner {

// reports: the folder where the reports were written to. No line but a command to copy is longer
// than style.width.
std::string table(const RunResults& results, const std::string& reports, const Style& style);

// "36 passed, 2 failed, 1 skipped"; verdicts that did not come are left out.
std::string countsInWords(const std::vector<CaseResult>& cases);

}  // namespace runner
