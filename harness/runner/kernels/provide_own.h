// SPDX-License-Identifier: GPL-2.0-only
// The user's own kernel: an image, or built from its source, as it is or with a series of ours.
#pragma once

#include <filesystem>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"

namespace runner {

// The kernel at the path request.tree, configured as our standard tree is if it is source. Throws
// what provideKernel() throws.
Kernel provideOwnKernel(const KernelRequest& request, const Trees& trees, const Cache& cache,
                        Progress& progress);

// The kernel of a copy of the source request.tree, with or without the series of our tree
// request.apply. Throws what provideKernel() throws.
Kernel provideAppliedKernel(const KernelRequest& request, const Trees& trees, const Cache& cache,
                            Progress& progress);
// Only that copy, with the series if that is on.
std::filesystem::path provideAppliedSource(const KernelRequest& request, const Trees& trees,
                                           const Cache& cache, Progress& progress);

}  // namespace runner
