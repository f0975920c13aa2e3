// SPDX-License-Identifier: GPL-2.0
// The commands: each takes its options and gives the exit status of the program. Throw Failure,
// sys::Interrupted, sys::SetupError and OutputClosed.
#pragma once

#include "runner/options.h"
#include "runner/project.h"

namespace runner {

// Judges a kernel: provides it, boots it once for each filesystem, reports.
int run(const RunOptions& options, const Project& project);
// Boots the guest with a prompt on the user's terminal, or runs standard input as a script in it;
// one filesystem. Gives the exit status of the guest's shell.
int shell(const RunOptions& options, bool is_volatile, const Project& project);
// Builds and boots wrong kernels, and says which case catches each. Of the options, filter is of
// mutants and series is not asked.
int mutants(const RunOptions& options, MutantsOutput output, const Project& project);
// Counts the instructions of system calls without the tree's series and with them, on one
// filesystem. Of the options, series and machine are not asked.
int cost(const RunOptions& options, bool as_markdown, const Project& project);
// Tells how the series fit the newest release of each tree, or exports one.
int series(const SeriesOptions& options, const Project& project);
// Provides the kernel only, and prints the path of its image as the last line.
int build(const KernelOptions& options, bool source_only, const Project& project);
// Prints cases, requirements, subjects, filesystems and trees; as JSON when asked.
int list(bool as_json, const Project& project);
// Puts the shards of a run together. Of the options, out and table are asked.
int merge(const std::vector<std::string>& folders, const RunOptions& options);
// Says what this machine can do and what is missing; 0 when `run` can work, else 9.
int doctor(const Project& project);
// Becomes ci/test-suite with these arguments; comes back only by throwing.
int test(const std::vector<std::string>& arguments, const Project& project);

}  // namespace runner
