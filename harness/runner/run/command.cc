// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/command.h"

#include <fmt/core.h>

#include <chrono>
#include <future>

#include "filesystems/registry.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/trees.h"
#include "runner/reports/files.h"
#include "runner/reports/table.h"
#include "runner/results/case_list.h"
#include "runner/results/exit_status.h"
#include "runner/results/filter.h"
#include "runner/run/batches.h"
#include "runner/run/disks.h"
#include "runner/run/machine_plan.h"
#include "runner/run/parts.h"
#include "runner/run/report_directory.h"
#include "runner/run/run_display.h"
#include "runner/run/run_plan.h"
#include "runner/run/session.h"
#include "runner/run/shard_record.h"
#include "runner/run/unable.h"
#include "runner/run/wanted.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

std::vector<Target> targetsOf(const RunOptions& options, const std::vector<ListedCase>& cases) {
  const auto patterns = parseFilter(options.filter);
  const bool all = options.filesystems.empty();
  const std::vector<std::string>& names = all ? filesystems::names() : options.filesystems;
  std::vector<Target> targets;
  for (const std::string& name : names) {
    Target target{name, planCases(cases, name, patterns, options.group), "", ""};
    if (!target.cases.empty()) targets.push_back(std::move(target));
  }
  if (targets.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter '{}' matches no {}case on {}. Names look like {}/{}/{}; "
                              "`ovl-syncfs list` prints them with their groups",
                              options.filter, options.group == "all" ? "" : options.group + ' ',
                              listed(names), cases.front().name, names.front(),
                              cases.front().subjects.front()));
  }
  bool any = false;
  for (Target& target : targets) {
    try {
      findTool(filesystems::get(target.filesystem).mkfs.program);
      any = true;
    } catch (const Failure& missing) {
      const bool optional = all || (filesystems::isProfile(target.filesystem) && names.size() > 1);
      if (!optional) throw;
      target.skip_reason = missing.what();
    }
  }
  if (!any) throw Failure(ExitStatus::environment, targets.front().skip_reason);
  return targets;
}

void saySkippedTargets(const std::vector<Target>& targets, Terminal& terminal) {
  for (const Target& target : targets) {
    if (!target.skip_reason.empty()) {
      // The table has it as well, as the reason for the skips.
      terminal.print(fmt::format("note: {} is skipped: {}", target.filesystem, target.skip_reason));
    }
  }
}

// All trees use the disks, so notes about a disk go to every tree.
void provideDisks(std::vector<Target>& targets, std::vector<PreparedTree>& trees,
                  const Cache& cache, Terminal& terminal) {
  TerminalProgress progress(terminal);
  for (Target& target : targets) {
    if (target.skip_reason.empty()) {
      target.disk = provideDisk(target.filesystem, cache, progress);
    }
  }
  for (PreparedTree& tree : trees) {
    tree.notes.insert(tree.notes.end(), progress.notes().begin(), progress.notes().end());
  }
}

// The results of one tree. machines: the results for `plans`; those of this tree are moved out.
TreeResults resultsOf(const PreparedTree& tree, const std::vector<MachinePlan>& plans,
                      std::vector<MachineResult>& machines) {
  TreeResults results;
  results.title = tree.title;
  results.notes = tree.notes;
  results.failure = tree.failure;
  for (const Kernel& kernel : tree.kernels) results.kernels.push_back(kernel.identity);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!plans[i].tree.empty() && plans[i].tree != tree.title) continue;
    results.total += machines[i].total;
    for (const std::string& note : machines[i].notes) addOnce(results.notes, note);
    results.machines.push_back(std::move(machines[i]));
  }
  return results;
}

std::vector<ListedCase> casesOf(RunOptions& options, const Project& project) {
  if (!options.exploration) return listCases(project.guest);
  return listBatches(options,
                     [&](const std::string& text) { return listCases(project.guest, text); });
}

int run(const RunOptions& wanted, const Project& project) {
  RunOptions options = wanted;
  const auto began = std::chrono::steady_clock::now();
  checkMachine(options);
  if (!options.table.empty()) checkTableFile(options.table);
  const Trees known = loadTrees(project.root);
  const std::vector<NamedTree> named = chooseTrees(options.kernel.tree, known);
  const std::vector<ListedCase> cases = casesOf(options, project);
  std::vector<Target> targets = targetsOf(options, cases);
  requireCasesThatApply(options, named, known, targets);
  const Cache cache = Cache::open();
  ReportDirectory reports(options.out, cache);
  // This run may be interrupted, or may not be a shard: leave nothing of an earlier run that could
  // be mistaken for its results.
  removeReports(reports.path());
  removeShard(reports.path());
  Terminal terminal;
  saySkippedTargets(targets, terminal);
  std::optional<ShardPlan> shard;
  if (options.shard) shard.emplace(*options.shard, bootsOf(options, named, targets));
  std::vector<std::string> filesystems;
  for (const Target& target : targets) {
    if (target.skip_reason.empty()) filesystems.push_back(target.filesystem);
  }
  std::vector<PreparedTree> trees =
      prepareTrees(options, named, shard, project, cache, terminal, filesystems);
  provideDisks(targets, trees, cache, terminal);
  writeGuests(trees, project.guest, reports.temporary());
  const std::vector<MachinePlan> plans = plansOf(trees, targets, reports.temporary(), shard);
  // The pairs of random steps are counted in one machine.
  std::vector<MachinePlan> parts = options.exploration ? plans : inParts(plans, options.jobs);

  auto version = std::async(std::launch::async, [&] { return project.version(); });
  SessionEnd end;
  {
    const unsigned jobs = jobsFor(options.jobs, parts);
    RunDisplay display(parts, known.guards(), terminal);
    end = runMachines(parts, jobs, qemu::run, display);
  }
  end.machines = joinParts(plans, parts, std::move(end.machines));
  Results results;
  results.interrupted = end.interrupted_by != 0;
  // The signal also ended the program that determines the version.
  results.version = results.interrupted ? "unknown" : version.get();
  results.requirements = requirementsOf(cases);
  results.filter = options.filter;
  results.total = since(began);
  reports.keepLogs(end.machines);
  for (const PreparedTree& tree : trees) {
    results.trees.push_back(resultsOf(tree, plans, end.machines));
    // Other shards may have the filesystems that the kernel has; `merge` decides.
    if (!options.shard) requireThatSomethingRan(results.trees.back(), named.size() == 1);
    results.trees.back().guards = known.guards();
    // `named` is the whole run; a shard may have only one of several trees.
    if (named.size() == 1) results.trees.back().total = results.total;
  }
  writeReports(results, reports.path());
  if (options.shard && !results.interrupted) {
    writeFileAtomically(reports.path() / kShardFile, shardJson({*options.shard, runInWords(options),
                                                                results, hashOfFile(project.guest)},
                                                               reports.path()));
  }
  reports.publish();
  if (results.interrupted) {
    terminal.print("reports of what ran before the interruption: " + reports.path().string());
    throw sys::Interrupted(end.interrupted_by);
  }
  showTable(results, reports.path(), options.table);
  const bool part = options.shard && options.kernel.series == SeriesChoice::both;
  return static_cast<int>(part ? judgePart(results) : judge(results));
}

constexpr const char* kDetails =
    R"(A kernel of your own is a source directory, a source tarball, a bzImage, a vmlinuz, a vmlinux or a
linux program, or the Debian or RPM package of a kernel; it is tested as it is, unless --apply puts a
series of ours on a copy of its source. Modules are those of the package, those in lib/modules beside
an image in boot, or those of --modules. Cases have names like A2.EveryOpenFdReportsOnce/ext4/overlay;
--filter takes a requirement id, a part of a name, or glob patterns, separated by ':'.
The reports are results.json, results.ktap, results.xml (JUnit), failures.txt and console-*.log.

--tree takes several trees separated by commas, or `all`: each of our trees except those of
distributions. The reports of each go into a directory of their own, beside matrix.txt and
matrix.json. A kernel that is unavailable or does not build does not stop the others, and it
determines the exit status.

Examples:
  ovl-syncfs run                                  newest mainline, our series, User-Mode Linux
  ovl-syncfs run --series both                    what the series change
  ovl-syncfs run --tree ~/linux --fs ext4         your own kernel source
  ovl-syncfs run --tree ~/linux --apply auto --series both
                                                  what our series change in it
  ovl-syncfs run --tree ./bzImage --machine qemu  your own image
  ovl-syncfs run --tree linux-image-6.1_amd64.deb a distribution's kernel
  ovl-syncfs run --tree all --series both         every tree, side by side
  ovl-syncfs run --filter A2                      every case of one requirement
  ovl-syncfs run --filter 'A*/overlay:V3'         several patterns
)";

constexpr const char* kExploreDetails =
    R"(Takes steps that are made at random (opens of every kind, losses, syncs, mounts, remounts) and
compares each answer with a model of what the requirements say. The first step that differs ends a
batch of steps. What led to it is made as short as possible, and printed as the body of a case.
There are three kinds of batches: A2 (series A), B4 (series B), C1 (series C). Those that --filter
names share the steps. A batch has 1000 steps, only the last one of its kind may have fewer. So the
same kind and seed take the same steps, however many were asked for.

Examples:
  ovl-syncfs explore                              20,000 steps a filesystem on mainline
  ovl-syncfs explore --steps 1000000 --seed 7     more, and others
  ovl-syncfs explore --filter C1                  all 20,000 of one kind
  ovl-syncfs explore --series off --filter A2     what the kernel does without the series
  ovl-syncfs explore --tree all                   every tree, as `run` does
)";

}  // namespace

Command<RunOptions> exploreCommand() {
  return {"explore", "judge a kernel by steps made at random",
          fmt::format("{}\n{}", kExploreDetails, kExitStatus), addExplore, run};
}

Command<RunOptions> runCommand() {
  return {"run", "test a kernel, building it first if needed",
          fmt::format("{}\n{}", kDetails, kExitStatus), addRun, run};
}

}  // namespace runner
