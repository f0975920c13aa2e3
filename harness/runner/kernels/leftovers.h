// SPDX-License-Identifier: GPL-2.0-only
// What a build in place has left in a source directory. kbuild refuses to build such a directory
// out of tree: make would find old objects and generated headers there.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace runner {

// The first of the files whose presence kbuild refuses; empty if there is none.
std::string leftoverIn(const std::filesystem::path& source);

// Throws Failure (usage), which names that file and says what to do, if there is one.
void refuseLeftovers(const std::filesystem::path& source);

// Leaves out what was built in `source`: with leftovers, all files that git neither tracks nor
// would add, and always what kbuild has recorded in a ".x.cmd". Throws Failure (usage) as above if
// there are leftovers and git cannot tell them from source: without a work tree, or if the rules in
// .gitignore are for source as well, as those of Debian's packages are.
void leaveOutBuilt(const std::filesystem::path& source, std::set<std::string>& names);

}  // namespace runner
