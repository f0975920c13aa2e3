// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "runner/base/project.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/command.h"

namespace runner {

// `mutants --generate`: makes the mutants of a tree's series by rule, builds and boots each until
// something notices the mistake. Returns the exit status. Throws as the commands that build and
// boot kernels do, and Failure (usage) for a machine other than User-Mode Linux.
int generatedMutants(const MutantsOptions& options, const Project& project, const Tree& tree);

}  // namespace runner
