// SPDX-License-Identifier: GPL-2.0
// Session: boots the planned machines, several at a time, and collects their results.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/results/case_list.h"
#include "runner/results/results.h"
#include "runner/run/machine_record.h"

namespace runner {

// One boot of one kernel on one filesystem, before it happens.
struct MachinePlan {
  qemu::Machine machine;
  qemu::Boot boot;
  std::vector<PlannedCase> cases;
  unsigned timeout_factor = 1;  // of every timeout
  // Why it is not booted at all, "mkfs.xfs is missing ..."; its cases are then skipped.
  std::string skip_reason;
  std::string tree;  // its title, in a run of several; empty in a run of one
  // filesystem, machine, series_on, own_kernel, console_log and command are filled in already.
  MachineResult result;
};

// qemu::run, or what a test puts in its place.
using MachineFunction = std::function<qemu::Outcome(const qemu::Machine&, const qemu::Boot&,
                                                    const qemu::Limits&, qemu::Listener&)>;

struct SessionEnd {
  std::vector<MachineResult> machines;  // as planned
  int interrupted_by = 0;               // the signal, when the user stopped it
};

// Runs at most `jobs` machines at a time, each on a thread of its own. An interruption ends all
// machines, and every case that has no verdict then is said to be lost. Throws SetupError when a
// machine cannot be started, and what the observer throws; no machine is left running.
SessionEnd runMachines(const std::vector<MachinePlan>& plans, unsigned jobs,
                       const MachineFunction& run, RunObserver& observer);

}  // namespace runner
