// SPDX-License-Identifier: GPL-2.0
// Comparison: what each case says; with --series both, what it says about the series.
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
  unknown,  // skipped, no verdict of the case on one side, or a failure without the series that it
            // has nothing to do with
  fails,    // does not pass with the series
};

// A side that was not judged has no verdict. The user's own kernel has its in `on`.
struct Outcome {
  std::optional<Verdict> off, on;
  std::optional<Proof> proof;  // of both sides only

  bool operator==(const Outcome& other) const = default;
  // Of the only side.
  Verdict verdict() const { return on ? *on : off.value_or(Verdict::lost); }
};

struct CaseOutcome : CaseId, Outcome {};

// True when a case may fail without the series. The bare filesystem (plain) is the oracle, and
// `guards` are the requirements that hold without the series as well: these pass on both sides.
bool mayFailWithoutSeries(const CaseResult& result, const std::vector<std::string>& guards);
// True for a failure on the side without the series, of two, that is what the series is for.
bool isExpectedFailure(const TreeResults& tree, const MachineResult& machine,
                       const CaseResult& result);
// The case as reports for other programs have it: such a failure is an xfail.
CaseResult reported(const TreeResults& tree, const MachineResult& machine,
                    const CaseResult& result);
// "proves", "guards", "fails", "unknown".
std::string_view nameOf(Proof proof);
// One for each case, filesystem and subject, in the order of the results; with two kernels, in that
// of the run with the series.
std::vector<CaseOutcome> outcomesOf(const TreeResults& tree);
std::size_t countOf(Proof proof, const std::vector<CaseOutcome>& cases);

}  // namespace runner
