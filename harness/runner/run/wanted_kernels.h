// SPDX-License-Identifier: GPL-2.0
// The kernels that the options ask for.
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

}  // namespace runner
