// SPDX-License-Identifier: GPL-2.0-only
// Equivalents: the generated mutants that no case can tell from the right kernel, each with the
// reason.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace runner {

// Reads the entries of the file for these kernels, [[mainline]] or [[mainline-debug]]: a reason,
// and the names of mutants. Empty if there is none. Throws Failure (usage) with file and line for
// what cannot be parsed, an entry without a reason, and a name that is listed twice.
std::map<std::string, std::string> readEquivalents(const std::filesystem::path& file,
                                                   const std::string& table);

}  // namespace runner
