// SPDX-License-Identifier: GPL-2.0
// From a kernel and a filesystem to a machine that can be booted: what every command that boots
// guests has in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/kernels/kernel.h"
#include "runner/results/case_list.h"
#include "runner/run/session.h"

namespace runner {

// A filesystem of a run, and what will run on it.
struct Target {
  std::string filesystem;
  std::vector<PlannedCase> cases;
  std::string skip_reason;  // its mkfs is missing, and nobody asked for it by name
  std::filesystem::path disk;
};

// What all machines of a run share.
struct MachineSetup {
  std::filesystem::path directory;  // has the file "initramfs", and gets the console logs
  qemu::Accelerator accelerator = qemu::Accelerator::none;
  std::string group = "quick";        // of cases
  std::vector<std::string> patterns;  // of the cases, as parseFilter() gives them
  std::filesystem::path guest = {};   // the program, for virtme-ng
};

// By how much each timeout is multiplied for that kernel.
unsigned timeoutFactorFor(const Kernel& kernel);
// The guest's memory, in MiB.
unsigned memoryFor(const Kernel& kernel);

// `wanted`, or one for each core when that is 0; at most one for each of `machines`.
unsigned jobsFor(unsigned wanted, std::size_t machines);

// The plan for one machine. series_on, own_kernel and command of its result are left as they are.
MachinePlan planMachine(const Target& target, const Kernel& kernel, const MachineSetup& setup,
                        const std::string& console_log);

}  // namespace runner
