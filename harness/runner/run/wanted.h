// SPDX-License-Identifier: GPL-2.0-only
// Kernels and machines: what the options ask for, checked against what the host has.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/base/project.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"
#include "runner/run/options.h"

namespace runner {

// Leaves the architecture unset: see architectureFor().
KernelRequest requestFor(const KernelOptions& options, const Project& project);

// Early checks of a kernel of the user's own: throws Failure (usage) for a path that is not a
// kernel, for --series both without --apply, and for an image that needs another machine than
// --machine.
void checkOwnKernel(const KernelOptions& options);

// The options, with the name of a tree in place of `--apply auto`; notes why it is that one. Throws
// what nearestTreeOf() throws, and Failure (usage) for --apply without source of the user's own.
KernelOptions withTreeToApply(KernelOptions options, const Project& project, const Cache& cache,
                              Progress& progress);

// One kernel, or two for --series both: without the series, then with it. Throws what
// withTreeToApply() and provideKernel() throw, and Failure (usage) for --series both on the user's
// own kernel as it is and for an image that needs another machine than --machine.
std::vector<Kernel> provideKernels(const KernelOptions& options, const Project& project,
                                   const Cache& cache, Progress& progress);

// The source of the tree that the options ask for. Throws what provideSource() throws.
std::filesystem::path provideSource(const KernelOptions& options, const Project& project,
                                    const Cache& cache, Progress& progress);

// Throws Failure (environment), naming the package, if the architecture needs a QEMU that is
// missing.
void requireQemu(const architectures::Architecture& architecture);

// Checks --machine and --accel, and that the host lets this program start others, before anything
// is built. Throws Failure.
void checkMachine(const RunOptions& options);

// Why the User-Mode Linux of this tree, or a current one, cannot run on this host with so many
// CPUs; an empty string if it can.
std::string whyNoUserModeLinux(const Tree* tree, unsigned cpus);

// The architecture to build for: that of --machine, by default User-Mode Linux. A tree whose
// User-Mode Linux cannot run on this host gets QEMU, with a note. Throws Failure (environment) if
// --machine uml asks for such a User-Mode Linux, and for an unknown host.
const architectures::Architecture& architectureFor(const KernelOptions& options,
                                                   const Project& project, Progress& progress);

// The accelerator to use. Without --accel, adds to `notes` why it is not KVM.
qemu::Accelerator acceleratorFor(const qemu::Machine& machine, const RunOptions& options,
                                 const Cache& cache, std::vector<std::string>& notes);

// "User-Mode Linux", "QEMU (TCG)"
std::string machineInWords(const qemu::Machine& machine, qemu::Accelerator accelerator);

}  // namespace runner
