// SPDX-License-Identifier: GPL-2.0
// Summary: one tree in words, for every table that speaks of it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/base/failure.h"
#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// The machines' names, each once: "User-Mode Linux".
std::string machinesInWords(const RunResults& results);

// What is on that kernel: "series a-syncfs (3 patches), debug", "your own".
std::string seriesInWords(const RunResults& results, const KernelIdentity& kernel);

// "36 passed, 2 failed, 1 skipped"; verdicts that did not come are left out.
std::string countsInWords(const std::vector<CaseResult>& cases);

// All that decides about PASS: the counts, with two kernels what they say about the series, and
// what befell machines. For a tree without a kernel only that.
std::string outcomeInWords(const RunResults& results);

// Why cases have this verdict, and how many for each reason.
std::map<std::string, std::size_t> reasonsOf(const RunResults& results, Verdict verdict);

// "skip     3 cases: no such mode"; behind: what follows the reason, " (6.1.y)".
std::string reasonLine(Verdict verdict, const std::string& reason, std::size_t count,
                       const Style& style, const std::string& behind = "");

// "PASS" or "NOT PASSED", and how to paint it.
std::string_view passWord(ExitStatus status);
Tone toneOf(ExitStatus status);

// The last line of a table: "PASS: 36 passed", wrapped.
std::string lastLine(ExitStatus status, const std::string& outcome, const Style& style);

}  // namespace runner
