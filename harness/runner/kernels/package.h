// SPDX-License-Identifier: GPL-2.0-only
// Packages: the kernel of a Debian or RPM package, without installing it.
#pragma once

#include <filesystem>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

// Whether a file is, by its content, a Debian or an RPM package.
bool isPackage(const std::filesystem::path& file);

// Unpacks what boots a kernel: /boot and /lib/modules (/usr/lib/modules goes there too), less
// modules that no guest needs, such as those for graphics. Returns the directory in the cache that
// has the two. The cache keeps the last five, and what was used in the last day. Throws Failure:
// usage (damaged), environment (disk full).
std::filesystem::path unpackedPackages(const std::vector<std::filesystem::path>& packages,
                                       const Cache& cache, Progress& progress);

}  // namespace runner
