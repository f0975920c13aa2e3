// SPDX-License-Identifier: GPL-2.0
// All commands of ovl-syncfs, and those that are too small for a room of their own.
#pragma once

#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/run/options.h"

namespace runner {

CommandLine commandLine();

struct BuildOptions {
  KernelOptions kernel;
  bool source = false;  // unpack and patch it only
};
// Builds a kernel and prints the path of its image.
Command<BuildOptions> buildCommand();

struct ListOptions {
  bool json = false;
};
// Prints cases, requirements, subjects, filesystems and trees.
Command<ListOptions> listCommand();

struct DoctorOptions {};
// Reports what the host can do; status 0 if `run` can work, else 9.
Command<DoctorOptions> doctorCommand();

// Those of other programs, which get the arguments.
Command<std::vector<std::string>> seriesCommand();
Command<std::vector<std::string>> testCommand();

// The manual page in man(7)'s macros, and the completion script for bash.
std::string manualPage(const CommandText& program, const std::string& version);
std::string bashCompletion(const CommandText& program, const std::string& version);

}  // namespace runner
