// SPDX-License-Identifier: GPL-2.0-only
// Turns the trees of a run into the machines that it boots.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/project.h"
#include "runner/base/terminal.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"
#include "runner/results/results.h"
#include "runner/run/guest_modules.h"
#include "runner/run/machine_plan.h"
#include "runner/run/options.h"
#include "runner/run/session.h"

namespace runner {

// A tree with everything that its machines need to boot.
struct PreparedTree {
  std::string title;
  RunOptions options;                       // of the run, for this tree alone
  std::vector<Kernel> kernels;              // one, or two for --series both: off, then on
  std::map<std::string, GuestNeeds> needs;  // by filesystem; empty for kernels that we build
  qemu::Accelerator accelerator = qemu::Accelerator::none;
  std::vector<std::string> notes;
  std::filesystem::path guest;           // the program
  std::optional<KernelFailure> failure;  // why it has no machines; only with several trees
};

// Before anything is built. Throws Failure (usage) if --filter leaves only cases of requirements
// that none of the trees has.
void requireCasesThatApply(const RunOptions& options, const std::vector<NamedTree>& trees,
                           const Trees& known, const std::vector<Target>& targets);

// The boots of a run, in order; --shard divides them into parts.
std::vector<ShardPlan::Boot> bootsOf(const RunOptions& options, const std::vector<NamedTree>& trees,
                                     const std::vector<Target>& targets);

// The command line without --shard and --out: "run --tree all --series both".
std::string runInWords(const RunOptions& options);

// Provides the kernels of one tree after another; with a shard, only those that it boots. With
// several trees, a kernel that is unavailable or does not build does not stop the others: its
// failure is printed and kept. filesystems: those of the run. Throws what provideKernels() throws
// (with several trees, only for wrong usage), and Interrupted.
std::vector<PreparedTree> prepareTrees(const RunOptions& options,
                                       const std::vector<NamedTree>& trees,
                                       const std::optional<ShardPlan>& shard,
                                       const Project& project, const Cache& cache,
                                       Terminal& terminal,
                                       const std::vector<std::string>& filesystems = {});

// Writes the initramfs of the machines into a directory: "initramfs", and one for each filesystem
// of a kernel with modules. Throws Failure (environment), SetupError.
void writeGuests(const std::vector<PreparedTree>& trees, const std::filesystem::path& guest,
                 const std::filesystem::path& directory);

// The machines of all trees, or of the shard, tree by tree. directory: that of writeGuests(); the
// console logs go there, with several trees into directories named like the trees.
std::vector<MachinePlan> plansOf(const std::vector<PreparedTree>& trees,
                                 const std::vector<Target>& targets,
                                 const std::filesystem::path& directory,
                                 const std::optional<ShardPlan>& shard = {});

}  // namespace runner
