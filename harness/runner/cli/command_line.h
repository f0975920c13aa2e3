// SPDX-License-Identifier: GPL-2.0
// What the command lines of our programs have in common.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runner {

// The long options of a command, for didYouMean().
std::vector<std::string> optionNames(const CLI::App& command);
// Throws Failure (usage) for what CLI11 did not take: an unknown option or one word too many.
void refuseExtras(const CLI::App& command);

}  // namespace runner
