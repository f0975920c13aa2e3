// SPDX-License-Identifier: GPL-2.0
// The part of `series check` that boots kernels.
#pragma once

#include <vector>

#include "runner/base/terminal.h"
#include "series/check/checked_tree.h"

namespace runner {

// Builds the tree's kernel with the first patch, with the first two, and so on, runs the suite on
// each, and adds to each patch what that says of it. Verdicts that are known from before are not
// asked for again. Throws what provideKernel() throws, and Interrupted.
void addSuite(const CheckedTree& tree, Terminal& terminal, std::vector<PatchFindings>& patches);

}  // namespace runner
