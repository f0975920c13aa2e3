// SPDX-License-Identifier: GPL-2.0-only
// The table of `series check`.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runner/base/style.h"
#include "series/check/finding.h"

namespace runner {

// A row for each patch, a column for each check that was made, and below it what is not clean and
// what is excused; the last line gives the result. unfit: trees that do not apply or could not be
// checked completely, which means FAIL.
std::string checkTable(const std::vector<PatchFindings>& patches,
                       const std::vector<std::string>& unfit, std::chrono::milliseconds total,
                       const Style& style);

}  // namespace runner
