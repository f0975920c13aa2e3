// SPDX-License-Identifier: GPL-2.0
// Verdicts: their names, their order, and the exit status of each.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// Worst first: the one that decides when several come together.
inline constexpr std::array kWorstFirst = {
    Verdict::panic, Verdict::splat, Verdict::timeout, Verdict::lost, Verdict::error,
    Verdict::fail,  Verdict::xpass, Verdict::xfail,   Verdict::pass, Verdict::skip,
};

// "pass", "timeout": as it is written in every report and in the verdict stream.
std::string_view nameOf(Verdict verdict);
// The verdict of that name, or nothing.
std::optional<Verdict> verdictNamed(std::string_view name);
// The one of the two that comes first in kWorstFirst.
Verdict worse(Verdict one, Verdict other);
// True for fail, xpass and everything that befell the run: what somebody has to look at.
bool isBad(Verdict verdict);
// True for what the guest may say about a case; the others are said by the runner alone.
bool isOfCase(Verdict verdict);

// The exit status of one verdict: pass for skip and xfail, fail for xpass.
ExitStatus statusOf(Verdict verdict);

}  // namespace runner
