// SPDX-License-Identifier: GPL-2.0-only
// Turns a kernel and a filesystem into a machine to boot, for every command that boots guests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/machine.h"
#include "runner/kernels/kernel.h"
#include "runner/results/case_list.h"
#include "runner/run/session.h"

namespace runner {

// A filesystem of a run, and the cases that will run on it.
struct Target {
  std::string filesystem;
  std::vector<PlannedCase> cases;
  std::string skip_reason;  // its mkfs is missing, and --fs did not name it
  std::filesystem::path disk;
};

// What all machines of a run share.
struct MachineSetup {
  std::filesystem::path directory;  // contains "initramfs"; the console logs go there
  qemu::Accelerator accelerator = qemu::Accelerator::none;
  std::string group = "quick";        // of cases
  std::vector<std::string> patterns;  // of the cases, as parseFilter() gives them
  std::filesystem::path guest = {};   // the program, for virtme-ng
  std::string exploration = {};       // Exploration::text(); empty: the cases run
};

// The factor for all timeouts of this kernel.
unsigned timeoutFactorFor(const Kernel& kernel);
// The guest's memory, in MiB.
unsigned memoryFor(const Kernel& kernel);

// How many machines may run at a time: `wanted`, or one per CPU if that is 0; at most as many as
// there are, and as the host has room for. Sets where they keep their memory.
unsigned jobsFor(unsigned wanted, std::vector<MachinePlan>& plans);

// Throws Failure (environment) with everything that the host lacks to boot this kernel.
// cpus: of the guest.
void requireHost(const Kernel& kernel, unsigned cpus);
// How many CPUs a guest for these cases has.
unsigned processorsFor(const std::string& group);

// Sets what the machine of a kernel that was not built for it has besides: a disk for the writes,
// and another way for the verdicts, in case that the kernel lacks its own. boot.disks and
// boot.writable_disk are set already. Returns the arguments for the guest program; for any kernel,
// --verdicts is among them.
std::vector<std::string> prepareShipped(const Kernel& kernel, qemu::Boot& boot);

// The plan for one machine. Leaves series_on, own_kernel and command of its result unset.
MachinePlan planMachine(const Target& target, const Kernel& kernel, const MachineSetup& setup,
                        const std::string& console_log);

}  // namespace runner
