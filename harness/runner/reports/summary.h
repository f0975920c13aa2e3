// SPDX-License-Identifier: GPL-2.0
// Summary: verdicts, machines and trees in a few words, wherever one is shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/base/failure.h"
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

// "ext4"; with two kernels "ext4 series off".
std::string titleOf(const TreeResults& tree, const MachineResult& machine);

// What is on that kernel: "series a-syncfs (3 patches), debug", "your own".
std::string seriesInWords(const TreeResults& tree, const KernelIdentity& kernel);

// The machines' names, each once: "User-Mode Linux".
std::string machinesInWords(const TreeResults& tree);

// "36 passed, 2 failed, 1 skipped"; verdicts that did not come are left out.
std::string countsInWords(const std::vector<CaseResult>& cases);

// All that decides about PASS: the counts, with two kernels what they say about the series, and
// what befell machines. For a tree without a kernel only that.
std::string outcomeInWords(const TreeResults& tree);

// "PASS" or "NOT PASSED", and how to paint it.
std::string_view passWord(ExitStatus status);
Tone toneOf(ExitStatus status);

}  // namespace runner
