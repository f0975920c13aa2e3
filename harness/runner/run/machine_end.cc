// SPDX-License-Identifier: GPL-2.0
#include "runner/run/machine_end.h"

#include <algorithm>
#include <string>
#include <vector>

#include "runner/results/verdict.h"

namespace runner {
namespace {

constexpr std::ptrdiff_t kConsoleLines = 20;  // of the console's end that a failure shows

ExitStatus statusOf(qemu::EndKind kind) {
  return kind == qemu::EndKind::finished ? ExitStatus::error : statusOf(verdictOf(kind));
}

}  // namespace

Verdict verdictOf(qemu::EndKind kind) {
  switch (kind) {
    case qemu::EndKind::finished:
      return Verdict::pass;
    case qemu::EndKind::panic:
      return Verdict::panic;
    case qemu::EndKind::splat:
      return Verdict::splat;
    case qemu::EndKind::timeout:
      return Verdict::timeout;
    case qemu::EndKind::flooded:
    case qemu::EndKind::never_booted:
    case qemu::EndKind::powered_off:
    case qemu::EndKind::lost:
      return Verdict::lost;
  }
  return Verdict::lost;
}

Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off) {
  if (outcome.kind == qemu::EndKind::powered_off) return {statusOf(outcome.kind), powered_off};
  std::string text = outcome.detail;
  const std::vector<std::string>& tail = outcome.console_tail;
  if (!tail.empty()) text += "\nThe end of its console:";
  const auto lines = std::min<std::ptrdiff_t>(kConsoleLines, std::ssize(tail));
  for (auto line = tail.end() - lines; line != tail.end(); ++line) text += "\n    " + *line;
  return {statusOf(outcome.kind), text};
}

}  // namespace runner
