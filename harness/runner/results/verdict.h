// SPDX-License-Identifier: GPL-2.0-only
// Verdicts: their names, their order, and the exit status of each.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

struct VerdictEntry {
  Verdict verdict;
  std::string_view name;  // in every report and in the verdict stream
  std::string_view past;  // "2 failed"
  ExitStatus status;
  bool of_case;  // the guest may give it to a case; only the runner gives the others
};

// Worst first.
inline constexpr std::array kVerdicts = {
    VerdictEntry{Verdict::panic, "panic", "panicked", ExitStatus::panic, false},
    VerdictEntry{Verdict::splat, "splat", "made the kernel complain", ExitStatus::splat, false},
    VerdictEntry{Verdict::timeout, "timeout", "timed out", ExitStatus::timeout, false},
    VerdictEntry{Verdict::lost, "lost", "lost", ExitStatus::lost, false},
    VerdictEntry{Verdict::error, "error", "in error", ExitStatus::error, true},
    VerdictEntry{Verdict::fail, "fail", "failed", ExitStatus::fail, true},
    VerdictEntry{Verdict::xpass, "xpass", "passed unexpectedly", ExitStatus::fail, true},
    VerdictEntry{Verdict::xfail, "xfail", "failed as expected", ExitStatus::pass, true},
    VerdictEntry{Verdict::pass, "pass", "passed", ExitStatus::pass, true},
    VerdictEntry{Verdict::skip, "skip", "skipped", ExitStatus::pass, true},
};

constexpr const VerdictEntry& entryOf(Verdict verdict) {
  return *std::ranges::find(kVerdicts, verdict, &VerdictEntry::verdict);
}
constexpr std::string_view nameOf(Verdict verdict) {
  return entryOf(verdict).name;
}
constexpr bool isOfCase(Verdict verdict) {
  return entryOf(verdict).of_case;
}
constexpr ExitStatus statusOf(Verdict verdict) {
  return entryOf(verdict).status;
}
// True for fail, xpass and all verdicts of the run.
constexpr bool isBad(Verdict verdict) {
  return statusOf(verdict) != ExitStatus::pass;
}
// The one that comes first in kVerdicts.
constexpr Verdict worse(Verdict one, Verdict other) {
  return &entryOf(one) < &entryOf(other) ? one : other;
}

// The verdict of that name, or nothing.
inline std::optional<Verdict> verdictNamed(std::string_view name) {
  const auto* found = std::ranges::find(kVerdicts, name, &VerdictEntry::name);
  return found == kVerdicts.end() ? std::nullopt : std::optional(found->verdict);
}

}  // namespace runner
