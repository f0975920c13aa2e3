// SPDX-License-Identifier: GPL-2.0
// JSON: everything that a run found out, and exactly what was judged.
#pragma once

#include <string>
#include <vector>

#include "runner/kernels/trees.h"
#include "runner/results/case_list.h"
#include "runner/results/results.h"

namespace runner {

// The results; "format" is raised when a member changes its meaning or goes. Invalid UTF-8 of a
// guest is replaced.
std::string json(const RunResults& results);

// What `list --json` prints: cases, requirements, subjects, filesystems, trees, and for each series
// the requirements that it proves and guards and the trees that have it.
std::string json(const std::vector<ListedCase>& cases, const Trees& trees);

}  // namespace runner
