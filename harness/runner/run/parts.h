// SPDX-License-Identifier: GPL-2.0-only
// Parts: a planned machine as several that boot side by side, each with a part of its cases, so
// that a run of few filesystems uses all CPUs.
#pragma once

#include <vector>

#include "runner/run/session.h"

namespace runner {

// The plans, each divided into as many parts as there are CPUs for, so long as a part has enough
// cases to be worth a boot. jobs: how many machines may run at a time; 0: one per CPU.
std::vector<MachinePlan> inParts(const std::vector<MachinePlan>& plans, unsigned jobs);

// One result for each plan out of those of its parts: cases as planned, the worst verdict, the
// consoles one after another in the log of the plan. Throws SetupError if that cannot be written.
std::vector<MachineResult> joinParts(const std::vector<MachinePlan>& plans,
                                     const std::vector<MachinePlan>& parts,
                                     std::vector<MachineResult> results);

}  // namespace runner
