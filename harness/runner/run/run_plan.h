// SPDX-License-Identifier: GPL-2.0
// From the trees that a run names to the machines that it boots.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/project.h"
#include "runner/base/terminal.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"
#include "runner/results/results.h"
#include "runner/run/machine_plan.h"
#include "runner/run/options.h"
#include "runner/run/session.h"

namespace runner {

// A tree with everything that has to be there before its machines boot.
struct PreparedTree {
  std::string title;
  RunOptions options;           // of the run, for this tree alone
  std::vector<Kernel> kernels;  // one, or two for --series both: off, then on
  qemu::Accelerator accelerator = qemu::Accelerator::none;
  std::vector<std::string> notes;
  std::filesystem::path guest;           // the program
  std::optional<KernelFailure> failure;  // why it has no machines; of several trees only
};

// The boots of a run, in its order: what --shard cuts into parts.
std::vector<ShardPlan::Boot> bootsOf(const RunOptions& options, const std::vector<NamedTree>& trees,
                                     const std::vector<Target>& targets);

// What was asked for, the same for each shard: "run --tree all --series both".
std::string runInWords(const RunOptions& options);

// Provides the kernels of one tree after the other, those that the shard boots; nothing: all. When
// there are several, one that cannot be had on this machine or cannot be built does not stop the
// others: it is said on the terminal and kept. Throws what provideKernels() throws, also then for
// wrong usage, and Interrupted.
std::vector<PreparedTree> prepareTrees(const RunOptions& options,
                                       const std::vector<NamedTree>& trees,
                                       const std::optional<ShardPlan>& shard,
                                       const Project& project, const Cache& cache,
                                       Terminal& terminal);

// The machines of all trees, tree after tree, those of the shard. directory: has the file
// "initramfs", and gets the console logs; those of several trees in directories with their titles.
std::vector<MachinePlan> plansOf(const std::vector<PreparedTree>& trees,
                                 const std::vector<Target>& targets,
                                 const std::filesystem::path& directory,
                                 const std::optional<ShardPlan>& shard = {});

}  // namespace runner
