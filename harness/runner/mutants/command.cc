// SPDX-License-Identifier: GPL-2.0
#include "runner/mutants/command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "qemu/initramfs.h"
#include "runner/base/disk_space.h"
#include "runner/base/one_step.h"
#include "runner/base/output.h"
#include "runner/base/terminal_progress.h"
#include "runner/kernels/patch_fit.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/judgement.h"
#include "runner/mutants/report.h"
#include "runner/results/verdict.h"
#include "runner/run/disks.h"
#include "runner/run/machine_display.h"
#include "runner/run/machine_plan.h"
#include "runner/run/report_folder.h"
#include "runner/run/wanted_machine.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
}

class MutantsCommand {
 public:
  MutantsCommand(const RunOptions& options, const Project& project, const std::vector<Mutant>& all,
                 const std::vector<Mutant>& chosen)
      : options_(options),
        project_(project),
        chosen_(chosen),
        cache_(Cache::open()),
        cases_(listCases(project.guest)),
        reports_(options.out, cache_) {
    request_.tree = options.kernel.tree;
    request_.debug = options.kernel.debug;
    request_.smp = options.kernel.smp;
    request_.project = project.root;
    std::vector<std::string> names;
    for (const Mutant& mutant : all) names.push_back(mutant.name);
    forgetMutants(request_, names, cache_);
  }

  MutantRun run() {
    checkMachine(options_);
    prepare();
    judgeSeries();
    provideMutants();
    bootMutants();
    run_.version = project_.version();
    run_.total = since(began_);
    reports_.publish(machines_, [&](const fs::path& folder) {
      writeFileAtomically(folder / "mutants.json", mutantJson(run_));
    });
    return run_;
  }

  const fs::path& reports() const { return reports_.path(); }

 private:
  std::vector<std::string> filesystemsOf(const Mutant& mutant) const {
    if (!options_.filesystems.empty()) return options_.filesystems;
    return mutant.filesystems.empty() ? std::vector<std::string>{"ext4"} : mutant.filesystems;
  }

  void prepare() {
    TerminalProgress progress(terminal_);
    request_.architecture = &architectureFor(options_.kernel, project_, progress);
    series_ = provideKernel(request_, cache_, progress);
    for (const Mutant& mutant : chosen_) {
      for (const std::string& name : filesystemsOf(mutant)) {
        if (targets_.contains(name)) continue;
        targets_[name] = {name, planCases(cases_, name, {}), "",
                          provideDisk(name, cache_, progress)};
      }
    }
    run_.kernel = series_.identity;
    run_.notes = progress.notes();
    setup_.accelerator = acceleratorFor(series_.machine, options_, cache_, run_.notes);
    setup_.group = options_.group;
    setup_.folder = reports_.temporary();
    run_.machine = machineInWords(series_.machine, setup_.accelerator);
    qemu::writeInitramfs(project_.guest, setup_.folder / "initramfs");
  }

  MachinePlan planOf(const Kernel& kernel, const std::string& filesystem,
                     const std::string& name) const {
    MachinePlan plan = planMachine(targets_.at(filesystem), kernel, setup_,
                                   fmt::format("console-{}-{}.log", name, filesystem));
    plan.result.series_on = true;
    return plan;
  }

  std::vector<MachineResult> boot(const std::vector<MachinePlan>& plans,
                                  std::vector<std::string> titles) {
    if (plans.empty()) return {};
    SessionEnd end;
    {
      MachineDisplay display(std::move(titles), terminal_);
      end = runMachines(plans, jobsFor(options_.jobs, plans.size()), qemu::run, display);
    }
    if (end.interrupted_by != 0) throw sys::Interrupted(end.interrupted_by);
    return std::move(end.machines);
  }

  // A case that fails anyway catches nothing.
  void judgeSeries() {
    std::vector<MachinePlan> plans;
    std::vector<std::string> titles;
    for (const auto& [name, target] : targets_) {
      plans.push_back(planOf(series_, name, "series"));
      titles.push_back("the series itself, " + name);
    }
    of_series_ = boot(plans, titles);
    for (const MachineResult& machine : of_series_) {
      Verdict worst = machine.verdict;
      std::string what = machine.detail;
      for (const CaseResult& result : machine.cases) {
        if (isBad(result.verdict) && worse(worst, result.verdict) != worst) {
          worst = result.verdict;
          what = result.fullName();
        }
      }
      if (!isBad(worst)) continue;
      throw Failure(statusOf(worst),
                    fmt::format("the series itself does not pass on {}, so nothing can be said "
                                "about mutants of it ({}: {}). `ovl-syncfs run` tells more",
                                machine.filesystem, nameOf(worst), what));
    }
  }

  std::string whyNobodyCanTell(const Mutant& mutant) const {
    std::vector<MachineResult> machines;
    for (const std::string& name : filesystemsOf(mutant)) {
      std::copy_if(of_series_.begin(), of_series_.end(), std::back_inserter(machines),
                   [&](const MachineResult& machine) { return machine.filesystem == name; });
    }
    return runner::whyNobodyCanTell(mutant.requirements, machines);
  }

  // Before the first is built, which changes the source.
  void leaveOutMisfits(Progress& progress) {
    const fs::path source = provideSource(request_, cache_, progress);
    for (const Mutant& mutant : chosen_) {
      if (mutant.needs_debug && !request_.debug) {
        not_run_[mutant.name] = "only a kernel with debug checks shows it: --debug";
      } else if (const PatchFit fit = fitOf(mutant.patch, source); fit.worst() != Fit::clean) {
        not_run_[mutant.name] = fmt::format("is not of Linux {}: {}", series_.identity.release,
                                            fit.complaints().front());
      } else if (const std::string why = whyNobodyCanTell(mutant); !why.empty()) {
        not_run_[mutant.name] = why;
      }
    }
  }

  void provideMutants() {
    const auto began = Clock::now();
    TerminalProgress progress(terminal_);
    leaveOutMisfits(progress);
    std::size_t number = 0;
    for (const Mutant& mutant : chosen_) {
      OneStep step(fmt::format("build {}, {} of {}", mutant.name, ++number, chosen_.size()),
                   progress);
      if (not_run_.contains(mutant.name)) continue;
      KernelRequest request = request_;
      request.mutant = mutant.patch;
      try {
        kernels_[mutant.name] = provideKernel(request, cache_, step);
        if (step.begun()) ++run_.built;
      } catch (const Failure& failure) {
        if (failure.status() != ExitStatus::build) throw;
        problems_[mutant.name] = failure.what();
        progress.note(failure.what());
      }
    }
    run_.building = run_.built == 0 ? std::chrono::milliseconds(0) : since(began);
  }

  void bootMutants() {
    std::vector<MachinePlan> plans;
    std::vector<std::string> titles;
    for (const Mutant& mutant : chosen_) {
      const auto kernel = kernels_.find(mutant.name);
      if (kernel == kernels_.end()) continue;
      for (const std::string& name : filesystemsOf(mutant)) {
        plans.push_back(planOf(kernel->second, name, mutant.name));
        titles.push_back(fmt::format("{}, {}", mutant.name, name));
      }
    }
    machines_ = boot(plans, titles);
    auto machine = machines_.begin();
    for (const Mutant& mutant : chosen_) {
      if (kernels_.contains(mutant.name)) {
        const auto end = machine + static_cast<std::ptrdiff_t>(filesystemsOf(mutant).size());
        run_.results.push_back(judgeMutant(mutant, {machine, end}));
        machine = end;
      } else if (const auto problem = problems_.find(mutant.name); problem != problems_.end()) {
        run_.results.push_back(notBuilt(mutant, problem->second));
      } else {
        run_.results.push_back(notRun(mutant, not_run_.at(mutant.name)));
      }
    }
  }

  const Clock::time_point began_ = Clock::now();
  const RunOptions& options_;
  const Project& project_;
  const std::vector<Mutant>& chosen_;
  const Cache cache_;
  const std::vector<ListedCase> cases_;
  ReportFolder reports_;
  Terminal terminal_;
  KernelRequest request_;
  MachineSetup setup_;
  Kernel series_;
  std::map<std::string, Target> targets_;        // by filesystem
  std::map<std::string, Kernel> kernels_;        // by mutant
  std::map<std::string, std::string> problems_;  // why a mutant has no kernel
  std::map<std::string, std::string> not_run_;   // why nobody asked for one
  std::vector<MachineResult> of_series_;         // without a mutant, one a filesystem
  std::vector<MachineResult> machines_;
  MutantRun run_;
};

// Mutants are made for the text of one series. Those of mainline are taken for every tree, and one
// that a tree has of the same name instead.
std::vector<Mutant> mutantsOf(const std::string& name, const Project& project) {
  const Trees trees = loadTrees(project.root);
  const Tree* tree = trees.find(name);
  if (tree == nullptr) {
    throw Failure(ExitStatus::usage, fmt::format("--tree {}: mutants are made of trees of ours: {}",
                                                 name, trees.names()));
  }
  const fs::path folder = project.root / "harness" / "mutants";
  std::vector<Mutant> mutants = readMutants(folder / trees.default_name);
  const fs::path own = folder / tree->patches.filename();
  std::error_code error;
  if (!fs::is_directory(own, error)) return mutants;
  for (const Mutant& mutant : readMutants(own)) {
    const auto same = std::find_if(mutants.begin(), mutants.end(),
                                   [&](const Mutant& each) { return each.name == mutant.name; });
    if (same == mutants.end()) {
      mutants.push_back(mutant);
    } else {
      *same = mutant;
    }
  }
  return mutants;
}

}  // namespace

int mutants(const RunOptions& options, MutantsOutput output, const Project& project) {
  const std::vector<Mutant> all = mutantsOf(options.kernel.tree, project);
  const std::vector<Mutant> chosen = chosenMutants(all, options.filter);
  const Style style = styleFor(STDOUT_FILENO);
  if (output == MutantsOutput::list) {
    print(mutantList(chosen, style));
    return 0;
  }
  MutantsCommand command(options, project, all, chosen);
  const MutantRun run = command.run();
  print(output == MutantsOutput::markdown ? mutantMarkdown(run)
                                          : mutantTable(run, command.reports().string(), style));
  return static_cast<int>(judge(run.results));
}

}  // namespace runner
