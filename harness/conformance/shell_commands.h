// SPDX-License-Identifier: GPL-2.0-only
// The commands of the shell: this program under other names.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace conformance {

// "fail", "heal", ...
std::vector<std::string_view> shellCommandNames();

// Runs the command that the program was called as and returns its exit status: 0, 1 if the call
// under test or the command failed, 2 for wrong usage. Returns nothing if the name is none of the
// commands. Never throws.
std::optional<int> runShellCommand(int argc, char** argv);

}  // namespace conformance
