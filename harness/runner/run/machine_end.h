// SPDX-License-Identifier: GPL-2.0
// What the end of a machine means.
#pragma once

#include <string>
#include <string_view>

#include "qemu/machine.h"
#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// For the case that was running, or for the run.
Verdict verdictOf(qemu::EndKind kind);
// "never booted", for "the machine ...".
std::string_view endInWords(qemu::EndKind kind);

// For a command that wants no verdicts, of a machine that did not end as it should: the status that
// `run` has for such an end (for finished: error), what was seen, and the end of the console.
// powered_off: what to say of a guest that powered off too early.
Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off);

}  // namespace runner
