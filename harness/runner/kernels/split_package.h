// SPDX-License-Identifier: GPL-2.0-only
// SplitPackage: the packages that together have one kernel.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

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
// for a damaged package and for a Debian package of another architecture.
SplitPackage findSplitPackage(const std::filesystem::path& package);

}  // namespace runner
