// SPDX-License-Identifier: GPL-2.0-only
// What the cache keeps for kernel source of the user's own: copies, builds and images.
#pragma once

#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/own_kernel.h"

namespace runner {

// Identifies a source: SHA-256 of a directory's path, or of a tarball's content, which is read.
std::string ownHashOf(const OwnKernel& source);
// What belongs to one source has a name in the cache that begins with this: "own-0123456789ab".
std::string ownNameOf(const std::string& hash);

// Locks what the cache keeps for the source of that name. Of the other sources, removes all but the
// latest two if no run has used them for a day. Throws Failure (environment) and Interrupted.
CacheLock holdOwn(const std::string& name, const OwnKernel& source, const Cache& cache,
                  Progress& progress);

}  // namespace runner
