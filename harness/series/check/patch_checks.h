// SPDX-License-Identifier: GPL-2.0-only
// The checks of one tree that read and compile its source, at each patch in turn.
#pragma once

#include <set>
#include <vector>

#include "runner/base/progress.h"
#include "series/check/checked_tree.h"
#include "series/check/fit.h"

namespace runner {

// The wanted checks that apply to a tree. A test for upstream is in no kernel that boots here; it
// is compiled if kernel-overlay/config has the fragment check-NAME.config. A userspace test has
// none.
std::set<Check> checksFor(const Tree& tree, const std::set<Check>& wanted, const Project& project);

// Runs these checks, except the suite, on each patch up to the first conflict. The caller holds the
// tree's lock. Throws Failure if something could not be checked: a source that does not build
// without patches, a patch that has changed meanwhile, a missing tool, a full disk.
std::vector<PatchFindings> checkPatches(const CheckedTree& tree, const TreeFit& fit,
                                        const std::set<Check>& wanted, Progress& progress);

}  // namespace runner
