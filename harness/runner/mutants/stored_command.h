// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "runner/base/project.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/command.h"

namespace runner {

// `mutants`: builds and boots the mutants of harness/mutants and says which case catches each.
// Returns the exit status. Throws Failure, also if the series itself does not pass.
int storedMutants(const MutantsOptions& options, const Project& project, const Tree& tree);

}  // namespace runner
