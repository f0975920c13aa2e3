// SPDX-License-Identifier: GPL-2.0
// Outcomes: what each case says, whether a tree was judged on both sides or on one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/results/comparison.h"
#include "runner/results/results.h"

namespace runner {

struct Outcome {
  // A side that was not judged has no verdict. The user's own kernel has its in `on`.
  std::optional<Verdict> off, on;
  std::optional<Proof> proof;  // of both sides only

  bool operator==(const Outcome& other) const = default;
  // Of the only side.
  Verdict verdict() const { return on ? *on : off.value_or(Verdict::lost); }
};

struct CaseOutcome {
  std::string name, requirement, filesystem, subject;
  Outcome outcome;
};

// One for each case, filesystem and subject, in the order of the results.
std::vector<CaseOutcome> outcomesOf(const RunResults& results);

}  // namespace runner
