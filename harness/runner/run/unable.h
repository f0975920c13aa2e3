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

}  // namespace runner
