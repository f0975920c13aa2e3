// SPDX-License-Identifier: GPL-2.0
// The table of one tree: a whole run for people. What was judged, the grid, the failures, the
// summary.
#pragma once

#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// reports: the folder where the reports were written to; empty when its readers do not have them.
// No line but a command to copy is longer than style.width.
std::string table(const RunResults& results, const std::string& reports, const Style& style);

}  // namespace runner
