// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <filesystem>

namespace runner {

// Whether a file is an x86-64 program that needs no library, so that it runs in a guest that has
// none. False for a file that cannot be read.
bool isStaticProgram(const std::filesystem::path& file);

}  // namespace runner
