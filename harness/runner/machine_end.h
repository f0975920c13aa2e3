// SPDX-License-Identifier: GPL-2.0
// How a machine ended, for commands that ask it for something else than verdicts.
#pragma once

#include "qemu/machine.h"
#include "runner/failure.h"

namespace runner {

// Of a machine that did not end as it should: the status that `run` has for such an end, and what
// was seen, with the end of the console. powered_off: what to say of a guest that powered off too
// early. For an end that is finished: error.
Failure failureOf(const qemu::Outcome& outcome, const std::string& powered_off);

}  // namespace runner
