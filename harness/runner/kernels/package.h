// SPDX-License-Identifier: GPL-2.0-only
// Packages: the kernel of a Debian or RPM package, without installing it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

// Whether a file is, by its content, a Debian or an RPM package.
bool isPackage(const std::filesystem::path& file);

// A package, and those that have the rest of its kernel.
struct SplitPackage {
  std::vector<std::filesystem::path> files;  // the package itself first
  // File names, or their beginning with a '*', that are not in its directory although it depends on
  // them.
  std::vector<std::string> absent;
};

// Distributions split a kernel into several packages. A Debian package names the others in its
// Depends ("linux-modules-7.3.4-amd64"); those of Fedora differ in the name only ("kernel-core-",
// "kernel-modules-core-"). They are taken from the directory of the package. Throws Failure (usage)
// for a damaged package.
SplitPackage findSplitPackage(const std::filesystem::path& package);

// Unpacks what boots a kernel: /boot and /lib/modules (/usr/lib/modules goes there too), less
// modules that no guest needs, such as those for graphics. Returns the directory in the cache that
// has the two. The cache keeps the last five, and what was used in the last day. Throws Failure: usage (damaged), environment (disk full).
std::filesystem::path unpackedPackages(const std::vector<std::filesystem::path>& packages,
                                       const Cache& cache, Progress& progress);

}  // namespace runner
