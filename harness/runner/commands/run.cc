// SPDX-License-Identifier: GPL-2.0
#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <future>

#include "qemu/initramfs.h"
#include "runner/case_list.h"
#include "runner/commands/commands.h"
#include "runner/commands/kernels.h"
#include "runner/commands/machine_plan.h"
#include "runner/commands/machines.h"
#include "runner/disks.h"
#include "runner/exit_status.h"
#include "runner/filter.h"
#include "runner/kernel/commands.h"
#include "runner/output.h"
#include "runner/report/files.h"
#include "runner/report/table.h"
#include "runner/report_folder.h"
#include "runner/run_display.h"
#include "runner/session.h"
#include "runner/terminal_progress.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::vector<Target> targetsOf(const RunOptions& options, const std::vector<ListedCase>& cases) {
  const auto patterns = parseFilter(options.filter);
  const bool all = options.filesystems.empty();
  const std::vector<std::string>& names = all ? knownFilesystems() : options.filesystems;
  std::vector<Target> targets;
  for (const std::string& name : names) {
    Target target{name, planCases(cases, name, patterns, options.group), "", ""};
    if (!target.cases.empty()) targets.push_back(std::move(target));
  }
  if (targets.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--filter '{}' matches no {}case on {}. Names look like {}/{}/{}; "
                              "`ovl-syncfs list` prints them all, each with its group",
                              options.filter, options.group == "all" ? "" : options.group + ' ',
                              listed(names), cases.front().name, names.front(),
                              cases.front().subjects.front()));
  }
  bool any = false;
  for (Target& target : targets) {
    try {
      findTool("mkfs." + target.filesystem);
      any = true;
    } catch (const Failure& missing) {
      if (!all) throw;
      target.skip_reason = missing.what();
    }
  }
  if (!any) throw Failure(ExitStatus::environment, targets.front().skip_reason);
  return targets;
}

// The command that runs this kernel again, without --fs and --filter.
std::string commandFor(const RunOptions& options, const Kernel& kernel, bool series_on) {
  std::string command = "./ovl-syncfs run --tree ";
  if (kernel.own) {
    command += shellWord(fs::absolute(options.kernel.tree).lexically_normal().string());
  } else {
    command +=
        fmt::format("{} --series {}", shellWord(options.kernel.tree), series_on ? "on" : "off");
  }
  command += kernel.machine == qemu::Kind::userModeLinux ? " --machine uml" : " --machine qemu";
  if (options.kernel.debug) command += " --debug";
  if (options.accelerator == qemu::Accelerator::kvm) command += " --accel kvm";
  if (options.accelerator == qemu::Accelerator::tcg) command += " --accel tcg";
  if (options.group != "quick") command += " --group " + options.group;
  if (options.disarmed) command += " --disarmed";
  return command;
}

MachinePlan planOf(const Target& target, const Kernel& kernel, const RunOptions& options,
                   bool series_on, const MachineSetup& setup) {
  MachinePlan plan =
      planMachine(target, kernel, setup, consoleLogName(target.filesystem, kernel.own, series_on));
  if (options.disarmed) plan.boot.arguments.emplace_back("--disarmed");
  plan.result.series_on = series_on;
  plan.result.own_kernel = kernel.own;
  plan.result.command = commandFor(options, kernel, series_on);
  return plan;
}

// Everything that has to be there before a machine boots.
struct Prepared {
  std::vector<Kernel> kernels;
  qemu::Accelerator accelerator = qemu::Accelerator::none;
  std::vector<std::string> notes;
};

Prepared prepare(const RunOptions& options, const Project& project, const Cache& cache,
                 std::vector<Target>& targets, Terminal& terminal) {
  Prepared prepared;
  TerminalProgress progress(terminal);
  for (const Target& target : targets) {
    if (!target.skip_reason.empty()) {
      // The table says it too, as the reason of the skips.
      terminal.print(fmt::format("note: {} is skipped: {}", target.filesystem, target.skip_reason));
    }
  }
  prepared.kernels = provideKernels(options.kernel, project, cache, progress);
  const qemu::Kind kind = prepared.kernels.front().machine;
  if (kind == qemu::Kind::qemu) requireQemu();
  for (Target& target : targets) {
    if (target.skip_reason.empty()) {
      target.disk = provideDisk(target.filesystem, cache, progress);
    }
  }
  std::vector<std::string> notes;
  prepared.accelerator = acceleratorFor(kind, options, cache, notes);
  prepared.notes = progress.notes();
  prepared.notes.insert(prepared.notes.end(), notes.begin(), notes.end());
  return prepared;
}

std::vector<MachinePlan> plansOf(const Prepared& prepared, const std::vector<Target>& targets,
                                 const RunOptions& options, const fs::path& folder) {
  const MachineSetup setup{folder, prepared.accelerator, options.group,
                           parseFilter(options.filter)};
  std::vector<MachinePlan> plans;
  for (std::size_t i = 0; i < prepared.kernels.size(); ++i) {
    const bool series_on =
        prepared.kernels.size() == 2 ? i == 1 : options.kernel.series == Series::on;
    for (const Target& target : targets) {
      plans.push_back(planOf(target, prepared.kernels[i], options, series_on, setup));
    }
  }
  return plans;
}

}  // namespace

int run(const RunOptions& options, const Project& project) {
  const auto began = Clock::now();
  checkMachine(options);
  const std::vector<ListedCase> cases = listCases(project.guest);
  std::vector<Target> targets = targetsOf(options, cases);
  const Cache cache = Cache::open();
  ReportFolder reports(options.out, cache);
  Terminal terminal;
  const Prepared prepared = prepare(options, project, cache, targets, terminal);
  qemu::writeInitramfs(project.guest, reports.temporary() / "initramfs");
  const std::vector<MachinePlan> plans = plansOf(prepared, targets, options, reports.temporary());

  RunResults results;
  results.requirements = requirementsOf(cases);
  results.filter = options.filter;
  results.notes = prepared.notes;
  for (const Kernel& kernel : prepared.kernels) results.kernels.push_back(kernel.identity);
  auto version = std::async(std::launch::async, [&] { return project.version(); });
  SessionEnd end;
  {
    RunDisplay display(plans, terminal);
    end = runMachines(plans, jobsFor(options.jobs, plans.size()), qemu::run, display);
  }
  results.machines = std::move(end.machines);
  results.interrupted = end.interrupted_by != 0;
  // An interruption also ends the program that was asked.
  results.version = results.interrupted ? "unknown" : version.get();
  results.total = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
  reports.publish(results.machines, [&](const fs::path& folder) { writeReports(results, folder); });
  if (results.interrupted) {
    terminal.print("reports of what ran until then: " + reports.path().string());
    throw sys::Interrupted(end.interrupted_by);
  }
  print(table(results, reports.path().string(), styleFor(STDOUT_FILENO)));
  return static_cast<int>(judge(results));
}

}  // namespace runner
