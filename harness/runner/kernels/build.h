// SPDX-License-Identifier: GPL-2.0
// Build: configures and compiles a kernel out of tree.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"
#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

struct BuildRequest {
  std::filesystem::path source;  // nothing is written into it
  std::filesystem::path folder;  // O=; what is there from an earlier build is used
  std::vector<std::filesystem::path> fragments;
  // Changes with everything but the fragments that the configuration hangs on, Kconfig files and
  // compiler; as long as it is the same, an earlier configuration stays. Empty: it is made anew.
  std::string configuration_key = {};
  const architectures::Architecture& architecture;
  // A kernel that is the user's: what its version doesn't know of the fragments is a note, and its
  // name keeps what it says about local changes.
  bool own = false;
  std::string name;  // for progress: "linux 7.3.4 with a-syncfs"
};

struct BuiltKernel {
  std::filesystem::path image;  // without debug information, in the build folder
  std::filesystem::path config;
  std::string release;  // what `uname -r` will say
};

// Throws Failure: build (an option that got lost, the compile's first error), environment (a
// missing tool, a full disk), and Interrupted.
BuiltKernel buildKernel(const BuildRequest& request, const Cache& cache, Progress& progress);

}  // namespace runner
