// SPDX-License-Identifier: GPL-2.0
// Comparison: what a case says about the series, seen without and with it (--series both).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runner/results.h"

namespace runner {

// Best first.
enum class Proof {
  proves,   // fails without the series, passes with it
  guards,   // passes without and with: the series must not break it
  unknown,  // skipped, or no verdict of the case on one side
  fails,    // does not pass with the series
};

struct ComparedCase {
  std::string name, requirement, filesystem, subject;
  Verdict off = Verdict::lost, on = Verdict::lost;
  Proof proof = Proof::unknown;
};

// "proves", "guards", "fails", "unknown".
std::string_view nameOf(Proof proof);
// One for each case, filesystem and subject of the run with the series, in its order.
std::vector<ComparedCase> compare(const RunResults& results);
std::size_t countOf(Proof proof, const std::vector<ComparedCase>& cases);

}  // namespace runner
