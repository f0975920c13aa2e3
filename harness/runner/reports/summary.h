// SPDX-License-Identifier: GPL-2.0
// Summary: one tree in words, for every table that speaks of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/base/failure.h"
#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

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
