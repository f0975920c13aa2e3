// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <string>
#include <vector>

#include "runner/base/project.h"

namespace runner {

// Becomes another program of the project, which is told of it by the environment. Comes back only
// by throwing sys::SetupError.
[[noreturn]] void become(std::string program, std::vector<std::string> arguments,
                         const Project& project);

}  // namespace runner
