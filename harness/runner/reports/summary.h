// SPDX-License-Identifier: GPL-2.0-only
// Summary: verdicts, machines and trees in a few words.
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

// A check mark or "ok", otherwise the verdict's name, in capitals if isBad().
Cell cellOf(Verdict verdict, const Style& style);
Tone toneOf(Proof proof);
std::string paint(const Cell& cell, const Style& style);

// The worst of several verdicts; a skip if there is none.
class WorstVerdict {
 public:
  void add(Verdict verdict);
  Verdict verdict() const { return worst_; }
  // As cellOf(), but "+skip" marks a pass of which a part was skipped.
  Cell cell(const Style& style) const;

 private:
  Verdict worst_ = Verdict::skip;
  bool any_skipped_ = false;
};

// Why a tree has no machines, in short: "not built", "not judged".
std::string_view inWords(const KernelFailure& failure);

// "ext4"; with two kernels "ext4 series off".
std::string titleOf(const TreeResults& tree, const MachineResult& machine);

// "series a-syncfs (3 patches), debug", "your own".
std::string seriesInWords(const TreeResults& tree, const KernelIdentity& kernel);

// The distinct machines: "User-Mode Linux".
std::string machinesInWords(const TreeResults& tree);

// "36 passed, 2 failed, 1 skipped"; only verdicts that occurred.
std::string countsInWords(const std::vector<CaseResult>& cases);

// All that decides about PASS: the counts, with two kernels what they show about the series, and
// the verdicts of machines. For a tree without a kernel, only why.
std::string outcomeInWords(const TreeResults& tree);

// "PASS" or "NOT PASSED", and how to paint it.
std::string_view passWord(ExitStatus status);
Tone toneOf(ExitStatus status);

}  // namespace runner
