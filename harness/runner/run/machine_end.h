// SPDX-License-Identifier: GPL-2.0
// What the end of a machine means.
#pragma once

#include "qemu/machine.h"
#include "runner/base/failure.h"
#include "runner/results/results.h"

namespace runner {

// For the case that was running, or for the run.
Verdict verdictOf(qemu::EndKind kind);

// For a command that asks for something else than verdicts, of a machine that did not end as it
// should: the status that `run` has for such an end, and what
// was seen, with the end of the console. powered_off: what to say of a guest that powered off too
// early. For an end that is finished: error.
Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off);

}  // namespace runner
