// SPDX-License-Identifier: GPL-2.0
// The small commands of the shell: this program under other names.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace conformance {

// "fail", "heal", ...
std::vector<std::string_view> shellCommandNames();

// Runs the command that the program was called as; nothing when that is none of them. Gives its
// exit status: 0, 1 when the call under test or the command failed, 2 for wrong usage. Never
// throws.
std::optional<int> runShellCommand(int argc, char** argv);

}  // namespace conformance
