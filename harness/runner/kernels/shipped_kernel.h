// SPDX-License-Identifier: GPL-2.0-only
// A kernel as it is shipped: its image, its modules and its configuration, from packages or from
// where they are installed.
#pragma once

#include <filesystem>
#include <string>

#include "architectures/architecture.h"
#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

struct KernelFiles {
  std::filesystem::path image = {};
  const architectures::Architecture* architecture = nullptr;  // of the image
  std::string release = {};                                   // empty: the image does not say
  std::filesystem::path modules = {};  // what withDependencies() gives; empty: there are none
  std::string config = {};             // the text of its .config; empty: not known
  std::string source = {};             // in words
};

// image_or_package: a kernel image or a package; modules: a directory or a package with its
// modules, as --modules names it, or empty: those of the package, or those beside the image. A
// directory is /lib/modules/V itself, or one that has V, lib/modules/V or usr/lib/modules/V in it.
// Throws Failure: usage (no kernel in the package, or one for another architecture; no modules
// where
// --modules says, or those of another release), environment.
KernelFiles findKernelFiles(const std::filesystem::path& image_or_package,
                            const std::filesystem::path& modules, const Cache& cache,
                            Progress& progress);

}  // namespace runner
