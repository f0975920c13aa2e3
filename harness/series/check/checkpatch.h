// SPDX-License-Identifier: GPL-2.0
// checkpatch.pl --strict, the kernel's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

// What it says about a stored patch, a complaint each, with its type: "WARNING:LONG_LINE: ...". The
// patch is shown as somebody would send it, written and signed off. source: a kernel's. Throws
// Failure (environment) when it cannot be run.
std::vector<std::string> checkpatch(const std::filesystem::path& patch,
                                    const std::filesystem::path& source);

}  // namespace runner
