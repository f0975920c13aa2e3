// SPDX-License-Identifier: GPL-2.0
// The commands that are too small for a room of their own. Each gives the exit status of the
// program; they throw Failure, sys::Interrupted, sys::SetupError and OutputClosed.
#pragma once

#include "runner/base/project.h"
#include "runner/run/options.h"

namespace runner {

// Provides the kernel only, and prints the path of its image as the last line.
int build(const KernelOptions& options, bool source_only, const Project& project);
// Prints cases, requirements, subjects, filesystems and trees; as JSON when asked.
int list(bool as_json, const Project& project);
// Says what this machine can do and what is missing; 0 when `run` can work, else 9.
int doctor(const Project& project);

}  // namespace runner
