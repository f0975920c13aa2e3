// SPDX-License-Identifier: GPL-2.0
// Comparison: what a case says about the series, seen without and with it (--series both).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// Best first.
enum class Proof {
  proves,   // fails without the series, passes with it
  guards,   // passes without and with: the series must not break it
  unknown,  // skipped, no verdict of the case on one side, or a failure without the series that it
            // has nothing to do with
  fails,    // does not pass with the series
};

struct ComparedCase {
  std::string name, requirement, filesystem, subject;
  Verdict off = Verdict::lost, on = Verdict::lost;
  Proof proof = Proof::unknown;
};

// True when a case may fail without the series. The bare filesystem (plain) is the oracle, and
// `guards` are the requirements that hold without the series as well: these pass on both sides.
bool mayFailWithoutSeries(const CaseResult& result, const std::vector<std::string>& guards);
// True for a failure on the side without the series, of two, that is what the series is for.
bool isExpectedFailure(const RunResults& results, const MachineResult& machine,
                       const CaseResult& result);
// "proves", "guards", "fails", "unknown".
std::string_view nameOf(Proof proof);
// One for each case, filesystem and subject of the run with the series, in its order.
std::vector<ComparedCase> compare(const RunResults& results);
std::size_t countOf(Proof proof, const std::vector<ComparedCase>& cases);

}  // namespace runner
