// SPDX-License-Identifier: GPL-2.0
// Cells: how verdicts and proofs look in a grid, wherever one is shown.
#pragma once

#include <string>
#include <string_view>

#include "runner/base/style.h"
#include "runner/results/comparison.h"
#include "runner/results/results.h"

namespace runner {

// What a cell says about one verdict: a check mark or "ok", otherwise the verdict's name, in
// capitals when somebody has to look at it.
std::string cellOf(Verdict verdict, const Style& style);
// ASCII letters only.
std::string inCapitals(std::string_view text);
Tone toneOf(Verdict verdict);
Tone toneOf(Proof proof);

// The worst of several verdicts; a skip if there is none.
class WorstVerdict {
 public:
  void add(Verdict verdict);
  Verdict verdict() const { return worst_; }
  // As of cellOf(), with "+skip" behind a pass when a part was skipped: that must not look like one
  // that passed as a whole.
  std::string cell(const Style& style) const;
  Tone tone() const;

 private:
  bool partly() const { return worst_ == Verdict::pass && any_skipped_; }

  Verdict worst_ = Verdict::skip;
  bool any_skipped_ = false;
};

// "not built", "not judged": a tree that has no machines, in short.
std::string_view inWords(const KernelFailure& failure);

// Filesystems in the order in which the results name them first.
std::vector<std::string> filesystemsOf(const RunResults& results);

}  // namespace runner
