// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <filesystem>
#include <string>

namespace runner {

// All bytes of a file; nothing for one that cannot be read.
std::string readFile(const std::filesystem::path& file);

}  // namespace runner
