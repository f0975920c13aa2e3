// SPDX-License-Identifier: GPL-2.0
// What the options of a run ask for, against what is here: kernels and machines.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/base/project.h"
#include "runner/kernels/kernel.h"
#include "runner/run/options.h"

namespace runner {

// Without an architecture: that of --machine, see below, may need the tree.
KernelRequest requestFor(const KernelOptions& options, const Project& project);

// What can be said before a kernel of the user's own is looked at closely or built: throws Failure
// (usage) for a path that is no kernel, for --series both, and for an image that needs another
// machine than --machine says.
void checkOwnKernel(const KernelOptions& options);

// One kernel, or two for --series both: without the series, then with it. Throws what
// provideKernel() throws, and Failure (usage) for --series both on the user's own kernel
// and for an image that needs another machine than --machine says.
std::vector<Kernel> provideKernels(const KernelOptions& options, const Project& project,
                                   const Cache& cache, Progress& progress);

// The source of the tree that the options ask for. Throws what provideSource() throws.
std::filesystem::path provideSource(const KernelOptions& options, const Project& project,
                                    const Cache& cache, Progress& progress);

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
