// SPDX-License-Identifier: GPL-2.0-only
// Comparison: the outcome of each case and, with --series both, what it shows about the series.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// Best first.
enum class Proof {
  proves,   // fails without the series, passes with it
  guards,   // passes without and with: the series must not break it
  unknown,  // skipped, no verdict on one side, or a failure without the series that the series
            // does not address
  fails,    // does not pass with the series
};

// A side that was not tested has no verdict. The verdict of the user's own kernel is in `on`.
struct Outcome {
  std::optional<Verdict> off, on;
  std::optional<Proof> proof;  // only with both sides

  bool operator==(const Outcome& other) const = default;
  // With a single side.
  Verdict verdict() const { return on ? *on : off.value_or(Verdict::lost); }
};

struct CaseOutcome : CaseId, Outcome {};

// True if a case may fail without the series. The bare filesystem (plain), which is the oracle but
// for group D, and the requirements `guards`, which hold without the series too, must pass on both
// sides.
bool mayFailWithoutSeries(const CaseResult& result, const std::vector<std::string>& guards);
// True with two kernels for a failure without the series that the series is there to fix.
bool isExpectedFailure(const TreeResults& tree, const MachineResult& machine,
                       const CaseResult& result);
// The case for reports to other programs, with such a failure as xfail.
CaseResult reported(const TreeResults& tree, const MachineResult& machine,
                    const CaseResult& result);
// "proves", "guards", "fails", "unknown".
std::string_view nameOf(Proof proof);
// One for each case, filesystem and subject, in the order of the results; with two kernels, of the
// results with the series.
std::vector<CaseOutcome> outcomesOf(const TreeResults& tree);
std::size_t countOf(Proof proof, const std::vector<CaseOutcome>& cases);

}  // namespace runner
