// SPDX-License-Identifier: GPL-2.0-only
// A kernel on which no case can run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// What a kernel lacks whose guest said nothing on the verdict channel, from its console: what the
// guest said there, or why it was not even started. Empty if the console does not tell; the machine
// was then really lost. console_log: the file with the console, which may be missing.
std::vector<std::string> unableOnConsole(const std::string& console_log);

// What the kernel of a tree lacks, a line each, if no case could run on any of its machines for it;
// nothing otherwise.
std::optional<KernelFailure> whyNothingRan(const TreeResults& tree);
// A kernel on which no case could run is no result but that list: throws it as a Failure if the
// tree is the only one, otherwise keeps it in place of the tree's machines.
void requireThatSomethingRan(TreeResults& tree, bool only);
// The list, in words. more: what follows it, if anything, from its own line on.
std::string lackingInWords(const std::string& release, const std::string& source,
                           const std::vector<std::string>& lacking, const std::string& more);

}  // namespace runner
