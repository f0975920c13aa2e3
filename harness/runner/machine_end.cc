// SPDX-License-Identifier: GPL-2.0
#include "runner/machine_end.h"

#include <algorithm>
#include <string>
#include <vector>

namespace runner {
namespace {

constexpr std::ptrdiff_t kConsoleLines = 20;  // of the console's end that a failure shows

ExitStatus statusOf(qemu::EndKind kind) {
  switch (kind) {
    case qemu::EndKind::finished:
      return ExitStatus::error;
    case qemu::EndKind::panic:
      return ExitStatus::panic;
    case qemu::EndKind::splat:
      return ExitStatus::splat;
    case qemu::EndKind::timeout:
      return ExitStatus::timeout;
    case qemu::EndKind::flooded:
    case qemu::EndKind::never_booted:
    case qemu::EndKind::powered_off:
    case qemu::EndKind::lost:
      break;
  }
  return ExitStatus::lost;
}

}  // namespace

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
