// SPDX-License-Identifier: GPL-2.0
// The checks of one tree that read and compile its source, at each patch in turn.
#pragma once

#include <set>
#include <vector>

#include "runner/base/progress.h"
#include "series/check/checked_tree.h"
#include "series/check/fit.h"

namespace runner {

// Those of the wanted checks that there are for a tree. A test for upstream is in no kernel that
// boots here; it is compiled if kernel-overlay/config has a fragment for it, check-NAME.config. One
// that is a program has none.
std::set<Check> checksFor(const Tree& tree, const std::set<Check>& wanted, const Project& project);

// What these checks, but for the suite, find at each patch up to the first that conflicts. The
// caller holds the tree's lock. Throws Failure when something could not be checked: a source that
// does not build without patches, a patch that was changed meanwhile, a missing tool, a full disk.
std::vector<PatchFindings> checkPatches(const CheckedTree& tree, const TreeFit& fit,
                                        const std::set<Check>& wanted, Progress& progress);

}  // namespace runner
