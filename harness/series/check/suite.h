// SPDX-License-Identifier: GPL-2.0-only
// The part of `series check` that boots kernels.
#pragma once

#include <vector>

#include "runner/base/terminal.h"
#include "series/check/checked_tree.h"

namespace runner {

// Builds the tree's kernel with the first patch, with the first two, and so on, runs the suite on
// each, and adds a finding to each patch. Verdicts from earlier runs are reused. Throws what
// provideKernel() throws, and Interrupted.
void addSuite(const CheckedTree& tree, Terminal& terminal, std::vector<PatchFindings>& patches);

}  // namespace runner
