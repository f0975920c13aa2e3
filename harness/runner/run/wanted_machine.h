// SPDX-License-Identifier: GPL-2.0
// What --machine and --accel ask for, against what is here.
#pragma once

#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// Throws Failure (environment) that names the package when the architecture needs QEMU and that is
// missing.
void requireQemu(const architectures::Architecture& architecture);

// What --machine and --accel cannot mean is said before anything is built. Throws Failure.
void checkMachine(const RunOptions& options);

// What the kernel is built for: what --machine says, else User-Mode Linux, but QEMU, with a note,
// for a tree of ours whose User-Mode Linux cannot run on this processor. Throws Failure
// (environment) if --machine asks for just that, and for a host that is not known.
const architectures::Architecture& architectureFor(const KernelOptions& options,
                                                   const Project& project, Progress& progress);

// The accelerator to use; adds to `notes` why it is not KVM, if nobody asked for another one.
qemu::Accelerator acceleratorFor(const qemu::Machine& machine, const RunOptions& options,
                                 const Cache& cache, std::vector<std::string>& notes);

// "User-Mode Linux", "QEMU (TCG)"
std::string machineInWords(const qemu::Machine& machine, qemu::Accelerator accelerator);

}  // namespace runner
