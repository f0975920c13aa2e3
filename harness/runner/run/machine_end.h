// SPDX-License-Identifier: GPL-2.0-only
// What the end of a machine means.
#pragma once

#include <string>
#include <string_view>

#include "qemu/machine.h"
#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// Of the case that was running, or of the machine.
Verdict verdictOf(qemu::EndKind kind);
// "never booted", to complete "the machine ...".
std::string_view endInWords(qemu::EndKind kind);

// For a command without verdicts whose machine did not end as it should: the status that `run` has
// for such an end (for finished: error), what was seen, and the end of the console. powered_off:
// the message for a guest that powered off too early.
Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off);

}  // namespace runner
