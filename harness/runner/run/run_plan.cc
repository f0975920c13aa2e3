// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/run_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "filesystems/registry.h"
#include "qemu/initramfs.h"
#include "runner/base/failure.h"
#include "runner/base/terminal.h"
#include "runner/kernels/own_kernel.h"
#include "runner/reports/files.h"
#include "runner/reports/summary.h"
#include "runner/results/filter.h"
#include "runner/run/machine_plan.h"
#include "runner/run/wanted.h"
#include "sys/shell_word.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// The command that runs this tree again, without --fs and --filter. own: it is as it is.
std::string commandFor(const RunOptions& options, bool own, SeriesChoice series,
                       const std::optional<qemu::Kind>& machine) {
  static constexpr std::array kSides = {"on", "off", "both"};  // as SeriesChoice
  const std::string& tree = options.kernel.tree;
  std::string command = "./ovl-syncfs run --tree ";
  if (options.exploration) {
    const Exploration& exploration = *options.exploration;
    command =
        fmt::format("./ovl-syncfs explore --seed {} {} --tree ", exploration.seed,
                    exploration.seconds != 0 ? fmt::format("--time {}", exploration.seconds)
                                             : fmt::format("--steps {}", exploration.stepCount()));
  }
  // With --apply, the tree is a path of the user's, but has a series.
  if (own || !options.kernel.apply.empty()) {
    command += sys::shellWord(fs::absolute(tree).lexically_normal().string());
  } else {
    command += sys::shellWord(tree);
  }
  if (const fs::path& modules = options.kernel.modules; !modules.empty()) {
    command += " --modules " + sys::shellWord(fs::absolute(modules).lexically_normal().string());
  }
  if (!options.kernel.apply.empty()) command += " --apply " + options.kernel.apply;
  if (!own) {
    command += fmt::format(" --series {}", kSides.at(static_cast<std::size_t>(series)));
    if (!options.kernel.with.empty()) {
      command += fmt::format(" --with {}", fmt::join(options.kernel.with, ","));
    }
    if (options.kernel.patches) {
      command += fmt::format(" --patches {}", *options.kernel.patches);
    }
  }
  if (machine) command += fmt::format(" --machine {}", qemu::nameOf(*machine));
  // A profile's lane comes with its name.
  if (!options.kernel.lane.empty() && options.kernel.lane != filesystems::kProfileLane) {
    command += " --" + options.kernel.lane;
  }
  if (options.accelerator == qemu::Accelerator::kvm) command += " --accel kvm";
  if (options.accelerator == qemu::Accelerator::tcg) command += " --accel tcg";
  if (options.group != "quick") command += " --group " + options.group;
  if (options.disarmed) command += " --disarmed";
  return command;
}

void prepare(PreparedTree& tree, bool of_shard, const Project& project, const Cache& cache,
             Terminal& terminal, const std::vector<std::string>& filesystems) {
  TerminalProgress progress(terminal);
  tree.options.kernel = withTreeToApply(tree.options.kernel, project, cache, progress);
  tree.kernels = provideKernels(tree.options.kernel, project, cache, progress);
  tree.notes = progress.notes();
  if (of_shard) {
    // For `merge`, which has only this to compare: the path may name a different file on each host.
    for (Kernel& kernel : tree.kernels) {
      KernelIdentity& identity = kernel.identity;
      if (!kernel.own || identity.image != identity.source) continue;
      identity.source += ", SHA-256 " + hashOfFile(identity.image).substr(0, 12);
    }
  }
  const qemu::Machine& machine = tree.kernels.front().machine;
  requireQemu(*machine.architecture);
  for (const Kernel& kernel : tree.kernels) {
    requireHost(kernel, processorsFor(tree.options.group));
  }
  tree.needs = needsOf(tree.kernels.front(), filesystems);
  tree.guest = project.guest;
  tree.accelerator = acceleratorFor(machine, tree.options, cache, tree.notes);
}

std::string initramfsName(const PreparedTree& tree, const std::string& filesystem) {
  // A title may be a path.
  return fmt::format("initramfs-{}-{}", hashOfText(tree.title).substr(0, 12), filesystem);
}

MachinePlan planOf(const PreparedTree& tree, const Kernel& kernel, bool series_on,
                   const Target& target, const MachineSetup& setup, bool several) {
  const fs::path log = consoleLogName(target.filesystem, kernel.own, series_on);
  MachinePlan plan =
      planMachine(target, kernel, setup, (several ? tree.title / log : log).string());
  if (const auto needs = tree.needs.find(target.filesystem); needs != tree.needs.end()) {
    if (!needs->second.modules.empty()) {
      plan.boot.initramfs = setup.directory / initramfsName(tree, target.filesystem);
    }
    if (plan.skip_reason.empty() && !needs->second.lacking_filesystem.empty()) {
      plan.skip_reason = "the kernel lacks " + needs->second.lacking_filesystem;
    }
  }
  if (several) plan.tree = tree.title;
  if (tree.options.disarmed) plan.boot.arguments.emplace_back("--disarmed");
  plan.result.series_on = series_on;
  plan.result.own_kernel = kernel.own;
  plan.result.command =
      commandFor(tree.options, kernel.own, series_on ? SeriesChoice::on : SeriesChoice::off,
                 kernel.machine.kind);
  return plan;
}

Failure noneApplies(const std::string& filter, const std::string& tree) {
  return {ExitStatus::usage, "--filter '{}' matches only cases that do not apply to {}", filter,
          tree};
}

}  // namespace

void requireCasesThatApply(const RunOptions& options, const std::vector<NamedTree>& trees,
                           const Trees& known, const std::vector<Target>& targets) {
  if (options.filter.empty()) return;
  for (const NamedTree& named : trees) {
    const Tree* const found = known.find(named.name);
    if (found == nullptr) return;  // known once it is built
    Tree tree = *found;
    tree.keepSeries(options.kernel.with);
    for (const Target& target : targets) {
      for (const PlannedCase& planned : target.cases) {
        if (std::ranges::count(tree.left_out, planned.requirement) == 0) return;
      }
    }
  }
  throw noneApplies(options.filter, trees.front().title);
}

std::vector<ShardPlan::Boot> bootsOf(const RunOptions& options, const std::vector<NamedTree>& trees,
                                     const std::vector<Target>& targets) {
  std::vector<ShardPlan::Boot> boots;
  for (const NamedTree& tree : trees) {
    for (const bool series_on : sidesOf(options.kernel.series)) {
      for (const Target& target : targets) {
        boots.push_back({tree.title, series_on, target.filesystem});
      }
    }
  }
  return boots;
}

std::string runInWords(const RunOptions& options) {
  std::string text = commandFor(options, false, options.kernel.series, options.kernel.machine);
  text.erase(0, std::string_view("./ovl-syncfs ").size());
  if (!options.filesystems.empty()) {
    text += fmt::format(" --fs {}", fmt::join(options.filesystems, ","));
  }
  return options.filter.empty() ? text : text + " --filter " + sys::shellWord(options.filter);
}

std::vector<PreparedTree> prepareTrees(const RunOptions& options, const std::vector<NamedTree>& all,
                                       const std::optional<ShardPlan>& shard,
                                       const Project& project, const Cache& cache,
                                       Terminal& terminal,
                                       const std::vector<std::string>& filesystems) {
  std::vector<NamedTree> trees = all;
  std::erase_if(trees, [&](const NamedTree& tree) { return shard && !shard->has(tree.title); });
  std::vector<PreparedTree> prepared;
  for (const NamedTree& named : trees) {
    PreparedTree tree;
    tree.title = named.title;
    tree.options = options;
    tree.options.kernel.tree = named.name;
    // For the command that runs it again, from anywhere.
    if (isOwnKernel(named.name)) {
      tree.options.kernel.tree = fs::absolute(named.name).lexically_normal().string();
    }
    // Of several trees, it is for source of the user's own. Ours have their series without it.
    if (!named.own && all.size() > 1) tree.options.kernel.apply.clear();
    if (shard && options.kernel.series == SeriesChoice::both) {
      tree.options.kernel.series = !shard->has(named.title, true)    ? SeriesChoice::off
                                   : !shard->has(named.title, false) ? SeriesChoice::on
                                                                     : SeriesChoice::both;
    }
    // Building the others may take an hour, so check this first.
    if (named.own && trees.size() > 1) checkOwnKernel(tree.options.kernel);
    prepared.push_back(std::move(tree));
  }
  for (std::size_t i = 0; i < trees.size(); ++i) {
    PreparedTree& tree = prepared[i];
    try {
      prepare(tree, shard.has_value(), project, cache, terminal, filesystems);
    } catch (const Failure& failure) {
      const bool is_of_tree =
          failure.status() == ExitStatus::build || failure.status() == ExitStatus::environment ||
          failure.status() == ExitStatus::error;  // it lacks what every case needs
      // With several trees, keep it for the reports; a shard keeps it for `merge`.
      if (all.size() == 1 || !is_of_tree) throw;
      tree.failure = {failure.status(), failure.what(),
                      commandFor(tree.options, trees[i].own && tree.options.kernel.apply.empty(),
                                 options.kernel.series, options.kernel.machine)};
      terminal.print(fmt::format("{}: {}: {}", tree.title, inWords(*tree.failure), failure.what()));
    }
  }
  return prepared;
}

void writeGuests(const std::vector<PreparedTree>& trees, const fs::path& guest,
                 const fs::path& directory) {
  qemu::writeInitramfs(guest, directory / "initramfs");
  for (const PreparedTree& tree : trees) {
    for (const auto& [filesystem, needs] : tree.needs) {
      if (needs.modules.empty()) continue;
      const TemporaryDirectory modules(directory);
      qemu::writeInitramfs(guest, directory / initramfsName(tree, filesystem),
                           packModules(needs, modules.path()));
    }
  }
}

std::vector<MachinePlan> plansOf(const std::vector<PreparedTree>& trees,
                                 const std::vector<Target>& targets, const fs::path& directory,
                                 const std::optional<ShardPlan>& shard) {
  const bool several = trees.size() > 1;
  std::vector<MachinePlan> plans;
  for (const PreparedTree& tree : trees) {
    if (tree.failure) continue;
    if (several) fs::create_directories(directory / tree.title);
    const auto& exploration = tree.options.exploration;
    const MachineSetup setup{directory,          tree.accelerator,
                             tree.options.group, parseFilter(tree.options.filter),
                             tree.guest,         exploration ? exploration->text() : ""};
    const std::vector<bool> sides = sidesOf(tree.options.kernel.series);
    for (std::size_t i = 0; i < tree.kernels.size(); ++i) {
      for (const Target& target : targets) {
        if (shard && !shard->has({tree.title, sides[i], target.filesystem})) continue;
        plans.push_back(planOf(tree, tree.kernels[i], sides[i], target, setup, several));
      }
    }
  }
  const bool any =
      std::ranges::any_of(plans, [](const MachinePlan& plan) { return !plan.cases.empty(); });
  // A shard may have only trees to which they do not apply; `merge` checks the whole run.
  if (!plans.empty() && !any && !shard && !trees.front().options.filter.empty()) {
    throw noneApplies(trees.front().options.filter, trees.front().title);
  }
  return plans;
}

}  // namespace runner
