// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// What `mutants` prints: a table for people, one for Documentation/mutants.md, or only what there
// is, for people and for programs.
enum class MutantsOutput { table, markdown, list, json };

// Builds and boots wrong kernels, and says which case catches each. Of the options, filter is of
// mutants and series is not asked. Gives the exit status of the program; throws as run() does.
int mutants(const RunOptions& options, MutantsOutput output, const Project& project);

}  // namespace runner
