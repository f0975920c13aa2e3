// SPDX-License-Identifier: GPL-2.0
// The failure report: everything about each case that needs a look, and how to run it again.
#pragma once

#include <cstddef>
#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

struct FailureLimits {
  std::size_t console_lines = 15;                     // of each block
  std::size_t blocks = 8;                             // the rest is one line each
  std::size_t titles = static_cast<std::size_t>(-1);  // of these lines
  std::string in_full;  // where all of them are in full, to be named then
};

// Where all failures are in full, for FailureLimits::in_full. reports: their directory, or empty
// when it is not known.
std::string placeOfFailures(const std::string& reports);

// A case that failed in the same way on several filesystems is one block. With two kernels the
// failures that the series is there for (without it) are left out. A tree without a kernel says
// why. Empty when there is nothing.
std::string failureReport(const Results& results, const TreeResults& tree, const Style& style,
                          const FailureLimits& limits);

// failures.txt: everything in full; empty when all is well, so that no failures of an earlier run
// stay there.
std::string allFailures(const Results& results, const TreeResults& tree);

}  // namespace runner
