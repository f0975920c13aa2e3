// SPDX-License-Identifier: GPL-2.0-only
// The failure report: everything about each unexpected verdict, and how to run the case again.
#pragma once

#include <cstddef>
#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

struct FailureLimits {
  std::size_t console_lines = 15;                     // per block
  std::size_t blocks = 8;                             // the rest get one line each
  std::size_t titles = static_cast<std::size_t>(-1);  // number of those lines
  std::string in_full;                                // where to find the rest in full
};

// Where all failures are in full, for FailureLimits::in_full. reports: the directory of the
// reports, or empty if unknown.
std::string placeOfFailures(const std::string& reports);

// A case that failed in the same way on several filesystems is one block. With two kernels,
// expected failures without the series are left out. For a tree without a kernel, says why. Empty
// if there is nothing to report.
std::string failureReport(const Results& results, const TreeResults& tree, const Style& style,
                          const FailureLimits& limits);

// failures.txt: everything in full. Empty if all is well, so that it replaces the failures of an
// earlier run.
std::string allFailures(const Results& results, const TreeResults& tree);

}  // namespace runner
