// SPDX-License-Identifier: GPL-2.0
// The kernel that `series check` compiles.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/project.h"
#include "runner/kernels/trees.h"

namespace runner {

// Its configuration, in kernel-overlay/config: check.config, and for a test for upstream
// check-NAME.config. Only the first one when there is nothing of a test to compile.
std::vector<std::filesystem::path> checkFragments(const Tree& tree, const Project& project);

// The option that is built in, a module and off by turns. That of a test for upstream is the last
// one in its fragment. Throws Failure (build) when there is none.
std::string checkedOption(const Tree& tree, const std::vector<std::filesystem::path>& fragments);

}  // namespace runner
