// SPDX-License-Identifier: GPL-2.0-only
// All commands of ovl-syncfs, including those too small for their own directory.
#pragma once

#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

CommandLine commandLine();

struct BuildOptions {
  KernelOptions kernel;
  bool source = false;  // only unpack and patch it
};
// Builds a kernel and prints the path of its image.
Command<BuildOptions> buildCommand();

struct ListOptions {
  bool json = false;
};
// Prints cases, requirements, subjects, filesystems and trees.
Command<ListOptions> listCommand();

struct DoctorOptions {};
// Reports what the host can do. Exit status 0 if `run` can work, else 9.
Command<DoctorOptions> doctorCommand();

// Commands that other programs execute with these arguments.
Command<std::vector<std::string>> seriesCommand();
Command<std::vector<std::string>> demoCommand();
Command<std::vector<std::string>> testCommand();

// The manual page, as man(7) macros, and the completion script for bash.
std::string manualPage(const CommandText& program, const std::string& version);
std::string bashCompletion(const CommandText& program, const std::string& version);

}  // namespace runner
