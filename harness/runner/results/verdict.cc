// SPDX-License-Identifier: GPL-2.0
#include "runner/results/verdict.h"

#include <algorithm>

namespace runner {

const VerdictEntry& entryOf(Verdict verdict) {
  return *std::ranges::find(kVerdicts, verdict, &VerdictEntry::verdict);
}

std::string_view nameOf(Verdict verdict) {
  return entryOf(verdict).name;
}

std::optional<Verdict> verdictNamed(std::string_view name) {
  const auto* found = std::ranges::find(kVerdicts, name, &VerdictEntry::name);
  if (found == kVerdicts.end()) return std::nullopt;
  return found->verdict;
}

Verdict worse(Verdict one, Verdict other) {
  return &entryOf(one) < &entryOf(other) ? one : other;
}

bool isBad(Verdict verdict) {
  return statusOf(verdict) != ExitStatus::pass;
}

bool isOfCase(Verdict verdict) {
  return entryOf(verdict).of_case;
}

ExitStatus statusOf(Verdict verdict) {
  return entryOf(verdict).status;
}

}  // namespace runner
