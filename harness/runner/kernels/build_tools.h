// SPDX-License-Identifier: GPL-2.0
// Commands: the programs that fetch, patch and build, with their output line by line.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "sys/child_process.h"

namespace runner {

// Where a program is: PATH, then the system's sbin directories, which a user's PATH often lacks.
// Throws Failure (environment) that names the Debian package when it is nowhere. package: if that
// is known.
std::filesystem::path findTool(const std::string& program, const std::string& package = {});
// Whether findTool() would find it.
bool hasTool(const std::string& program);

// Runs a command and hands over each line that it prints on either stream, without its newline.
// Throws Failure (environment) when the program is missing, Interrupted when the user wants to
// stop; the command and its children are gone by then.
sys::Exit runLines(const sys::Command& command,
                   const std::function<void(std::string_view)>& on_line);

}  // namespace runner
