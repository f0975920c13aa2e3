// SPDX-License-Identifier: GPL-2.0
// The table of several trees: what was judged, how each did as a whole, and what each case says on
// each.
#pragma once

#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// reports and width as for the table of one tree (report/table.h); the reports of each tree are in
// a folder of its title below `reports`.
std::string table(const MatrixResults& matrix, const std::string& reports, const Style& style);

}  // namespace runner
