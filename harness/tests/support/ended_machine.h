// SPDX-License-Identifier: GPL-2.0-only
// Outcomes of machines, to test how they are judged.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/base/failure.h"

namespace runner {

// With 30 lines on its console, "console line 1." to "console line 30.".
inline qemu::Outcome ended(qemu::EndKind kind) {
  qemu::Outcome outcome;
  outcome.kind = outcome.end = kind;
  outcome.detail = "what was seen";
  for (int line = 1; line <= 30; ++line) {
    outcome.console_tail.push_back("console line " + std::to_string(line) + '.');
  }
  return outcome;
}

// The Failure that a record (shell_record.h, cost_record.h) makes of this end, for a guest that
// sent these lines.
template <typename Record>
Failure failureOf(Record record, const std::vector<std::string>& lines, qemu::EndKind kind) {
  for (const std::string& line : lines) record.line(line);
  try {
    record.judge(ended(kind));
  } catch (const Failure& failure) {
    return failure;
  }
  ADD_FAILURE() << "no failure";
  return {ExitStatus::pass, ""};
}

}  // namespace runner
