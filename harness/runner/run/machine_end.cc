// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/machine_end.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "runner/results/verdict.h"

namespace runner {
namespace {

constexpr std::ptrdiff_t kConsoleLines = 20;  // at the end of the console, shown with a failure

struct End {
  qemu::EndKind kind;
  Verdict verdict;
  std::string_view words;
};
constexpr std::array kEnds = {
    End{qemu::EndKind::finished, Verdict::pass, "ended"},
    End{qemu::EndKind::panic, Verdict::panic, "panicked"},
    End{qemu::EndKind::splat, Verdict::splat, "ended early after a kernel complaint"},
    End{qemu::EndKind::flooded, Verdict::lost, "flooded its console"},
    End{qemu::EndKind::never_booted, Verdict::lost, "never booted"},
    End{qemu::EndKind::timeout, Verdict::timeout, "hung"},
    End{qemu::EndKind::powered_off, Verdict::lost, "powered off early"},
    End{qemu::EndKind::lost, Verdict::lost, "died"},
};

const End& endOf(qemu::EndKind kind) {
  return *std::ranges::find(kEnds, kind, &End::kind);
}

}  // namespace

Verdict verdictOf(qemu::EndKind kind) {
  return endOf(kind).verdict;
}

std::string_view endInWords(qemu::EndKind kind) {
  return endOf(kind).words;
}

Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off) {
  const ExitStatus status = outcome.kind == qemu::EndKind::finished
                                ? ExitStatus::error
                                : statusOf(verdictOf(outcome.kind));
  if (outcome.kind == qemu::EndKind::powered_off) return {status, powered_off};
  std::string text = outcome.detail;
  const std::vector<std::string>& tail = outcome.console_tail;
  if (!tail.empty()) text += "\nThe end of its console:";
  const auto lines = std::min<std::ptrdiff_t>(kConsoleLines, std::ssize(tail));
  for (auto line = tail.end() - lines; line != tail.end(); ++line) text += "\n    " + *line;
  return {status, text};
}

}  // namespace runner
