// SPDX-License-Identifier: GPL-2.0
// Cells: how verdicts and proofs look in a grid, wherever one is shown.
#pragma once

#include <string>
#include <string_view>

#include "runner/reports/grid.h"
#include "runner/results/comparison.h"
#include "runner/results/results.h"

namespace runner {

// ASCII letters only.
std::string inCapitals(std::string_view text);

// A check mark or "ok", otherwise the verdict's name, in capitals when somebody has to look at it.
Cell cellOf(Verdict verdict, const Style& style);
Tone toneOf(Proof proof);
std::string paint(const Cell& cell, const Style& style);

// The worst of several verdicts; a skip if there is none.
class WorstVerdict {
 public:
  void add(Verdict verdict);
  Verdict verdict() const { return worst_; }
  // As of cellOf(), with "+skip" behind a pass when a part was skipped: that must not look like one
  // that passed as a whole.
  Cell cell(const Style& style) const;

 private:
  Verdict worst_ = Verdict::skip;
  bool any_skipped_ = false;
};

// "not built", "not judged": a tree that has no machines, in short.
std::string_view inWords(const KernelFailure& failure);

}  // namespace runner
