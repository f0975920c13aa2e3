// SPDX-License-Identifier: GPL-2.0-only
// The user's own kernel as it is: an image, or built from its source.
#pragma once

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"

namespace runner {

// The kernel at the path request.tree, configured as our standard tree is if it is source. Throws
// what provideKernel() throws.
Kernel provideOwnKernel(const KernelRequest& request, const Trees& trees, const Cache& cache,
                        Progress& progress);

}  // namespace runner
