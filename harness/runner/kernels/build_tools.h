// SPDX-License-Identifier: GPL-2.0-only
// Build tools: finds and runs the programs that fetch, patch and build, and passes on their output.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "sys/child_process.h"

namespace runner {

// What a kernel build runs; those of the compiler with the prefix of a cross compiler.
inline constexpr std::array kBuildTools = {"make", "flex", "bison", "bc"};
inline constexpr std::array kCompilerTools = {"gcc", "ld", "strip"};
// What else the way from the archive to a patched tree runs.
inline constexpr std::array kSourceTools = {"apt-get", "dpkg", "xz", "patch"};

// The path of a program: PATH, then the system's sbin directories, which a user's PATH often lacks.
// Throws Failure (environment) that names the Debian package to install; package: its name, if the
// caller knows it.
std::filesystem::path findTool(const std::string& program, const std::string& package = {});
// Whether findTool() would find it.
bool hasTool(const std::string& program);

// Runs a command and passes on each line of its output, from both streams, without the newline.
// Throws Failure (environment) if the program is missing, Interrupted if the user interrupts; the
// command and its children have been ended by then.
sys::Exit runLines(const sys::Command& command,
                   const std::function<void(std::string_view)>& on_line);

}  // namespace runner
