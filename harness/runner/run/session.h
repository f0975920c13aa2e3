// SPDX-License-Identifier: GPL-2.0-only
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
#include "sys/part.h"

namespace runner {

// One boot of one kernel on one filesystem, before it happens.
struct MachinePlan {
  qemu::Machine machine;
  qemu::Boot boot;
  std::vector<PlannedCase> cases;
  unsigned timeout_factor = 1;  // for every timeout
  // Why it is not booted and its cases are skipped: "mkfs.xfs is missing ...".
  std::string skip_reason;
  std::string tree;     // its title, in a run of several trees; otherwise empty
  sys::Part part = {};  // of its cases
  // filesystem, machine, series_on, own_kernel, console_log and command are filled in already.
  MachineResult result;
};

// qemu::run, or a test's substitute for it.
using MachineFunction = std::function<qemu::Outcome(const qemu::Machine&, const qemu::Boot&,
                                                    const qemu::Limits&, qemu::Listener&)>;

struct SessionEnd {
  std::vector<MachineResult> machines;  // as planned
  int interrupted_by = 0;               // the signal, or 0
};

// Runs at most `jobs` machines at a time, each on its own thread. An interruption ends all
// machines, and every case without a verdict is lost. Throws SetupError when a machine cannot be
// started, and what the observer throws; no machine is left running.
SessionEnd runMachines(const std::vector<MachinePlan>& plans, unsigned jobs,
                       const MachineFunction& run, RunObserver& observer);

}  // namespace runner
