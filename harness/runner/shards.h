// SPDX-License-Identifier: GPL-2.0
// Shards: where cores would be idle, the cases of a slow machine are divided between two.
#pragma once

#include <vector>

#include "runner/results.h"
#include "runner/session.h"

namespace runner {

// The plans with each machine's cases divided in two, those on the bare filesystem and those on an
// overlay, if `jobs` has room for all machines then. A filter of the user's stays with one machine.
std::vector<MachinePlan> divided(const std::vector<MachinePlan>& plans, unsigned jobs);

// The results of divided plans put together again, as if `whole` had been run.
std::vector<MachineResult> united(std::vector<MachineResult> results,
                                  const std::vector<MachinePlan>& whole);

}  // namespace runner
