// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/stored_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "filesystems/registry.h"
#include "qemu/initramfs.h"
#include "runner/base/disk_space.h"
#include "runner/base/output.h"
#include "runner/base/progress.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "runner/kernels/patch_fit.h"
#include "runner/mutants/judgement.h"
#include "runner/mutants/report.h"
#include "runner/mutants/until_killed.h"
#include "runner/results/verdict.h"
#include "runner/run/disks.h"
#include "runner/run/machine_plan.h"
#include "runner/run/report_directory.h"
#include "runner/run/run_display.h"
#include "runner/run/wanted.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class MutantsCommand {
 public:
  MutantsCommand(const RunOptions& options, const Project& project, const std::vector<Mutant>& all,
                 const std::vector<Mutant>& chosen)
      : options_(options), project_(project), cache_(Cache::open()), reports_(options.out, cache_) {
    request_ = requestFor(options.kernel, project);
    std::vector<std::string> names;
    for (const Mutant& mutant : all) names.push_back(mutant.name);
    forgetMutants(request_, names, cache_);
    for (const Mutant& mutant : chosen) run_.results.push_back({mutant, Fate::survived, ""});
    kernels_.resize(chosen.size());
  }

  MutantRun run() {
    checkMachine(options_);
    prepare();
    judgeSeries();
    provideMutants();
    options_.exploration ? exploreMutants() : bootMutants();
    run_.version = project_.version();
    run_.total = since(began_);
    reports_.keepLogs(machines_);
    writeFileAtomically(reports() / "mutants.json", mutantJson(run_));
    reports_.publish();
    return run_;
  }

  const fs::path& reports() const { return reports_.path(); }

 private:
  std::vector<std::string> filesystemsOf(const Mutant& mutant) const {
    if (!options_.filesystems.empty()) return options_.filesystems;
    return mutant.filesystems.empty() ? std::vector{filesystems::names().front()}
                                      : mutant.filesystems;
  }

  void prepare() {
    TerminalProgress progress(terminal_);
    request_.architecture = &architectureFor(options_.kernel, project_, progress);
    series_ = provideKernel(request_, cache_, progress);
    if (options_.exploration) setup_.exploration = options_.exploration->text();
    const std::vector<ListedCase> cases = listCases(project_.guest, setup_.exploration);
    for (const MutantResult& each : run_.results) {
      for (const std::string& name : filesystemsOf(each.mutant)) {
        if (targets_.contains(name)) continue;
        targets_[name] = {name, planCases(cases, name, {}, options_.group), "",
                          provideDisk(name, cache_, progress)};
      }
    }
    run_.kernel = series_.identity;
    run_.notes = progress.notes();
    setup_.accelerator = acceleratorFor(series_.machine, options_, cache_, run_.notes);
    setup_.group = options_.group;
    setup_.directory = reports_.temporary();
    run_.machine = machineInWords(series_.machine, setup_.accelerator);
    qemu::writeInitramfs(project_.guest, setup_.directory / "initramfs");
  }

  void plan(const Kernel& kernel, const std::string& filesystem, const std::string& name) {
    plans_.push_back(planMachine(targets_.at(filesystem), kernel, setup_,
                                 fmt::format("console-{}-{}.log", name, filesystem)));
    plans_.back().result.series_on = true;
    titles_.push_back(fmt::format("{}, {}", name, filesystem));
  }

  // Boots the planned machines.
  std::vector<MachineResult> boot() {
    const auto plans = std::exchange(plans_, {});
    if (plans.empty()) return {};
    return bootMachines(plans, {std::exchange(titles_, {})}, options_.jobs, terminal_);
  }

  // A case that fails without a mutant proves nothing.
  void judgeSeries() {
    for (const auto& [name, target] : targets_) plan(series_, name, "series");
    of_series_ = boot();
    for (const MachineResult& machine : of_series_) {
      const auto bad = std::ranges::find_if(machine.cases, isBad, &CaseResult::verdict);
      const bool of_case = bad != machine.cases.end();
      const Verdict verdict = of_case ? bad->verdict : machine.verdict;
      if (!isBad(verdict)) continue;
      throw Failure(statusOf(verdict),
                    fmt::format("the series itself does not pass on {}, so its mutants cannot "
                                "be judged ({}: {}). See `ovl-syncfs run`",
                                machine.filesystem, nameOf(verdict),
                                of_case ? bad->fullName() : machine.detail));
    }
  }

  std::string whyNotRun(const Mutant& mutant) const {
    if (!mutant.misfit.empty()) return mutant.misfit;
    if (mutant.needs_debug && request_.lane != "debug") {
      return "it shows only with debug checks: use --debug";
    }
    const auto names = filesystemsOf(mutant);
    std::vector<MachineResult> machines;
    std::ranges::copy_if(of_series_, std::back_inserter(machines), [&](const auto& machine) {
      return std::ranges::count(names, machine.filesystem) != 0;
    });
    return whyUndetectable(mutant.requirements, machines);
  }

  // Before the first build, which changes the source.
  void leaveOutMisfits(Progress& progress) {
    const fs::path source = provideSource(request_, cache_, progress);
    for (MutantResult& each : run_.results) {
      each.detail = whyNotRun(each.mutant);
      if (!each.detail.empty()) {
        each.fate = Fate::not_run;
      } else if (const PatchFit fit = fitOf(each.mutant.patch, source); fit.worst() != Fit::clean) {
        each.fate = Fate::not_built;
        each.detail =
            fmt::format("{} does not apply to Linux {}: {}", each.mutant.patch.filename().string(),
                        series_.identity.release, fit.complaints().front());
      }
    }
  }

  void provideMutants() {
    const auto began = Clock::now();
    TerminalProgress progress(terminal_);
    leaveOutMisfits(progress);
    for (std::size_t i = 0; i != run_.results.size(); ++i) {
      MutantResult& each = run_.results[i];
      if (each.fate != Fate::survived) continue;
      OneStep step(fmt::format("build {}, {} of {}", each.mutant.name, i + 1, run_.results.size()),
                   progress);
      KernelRequest request = request_;
      request.mutant = each.mutant.patch;
      try {
        kernels_[i] = provideKernel(request, cache_, step);
        if (step.begun()) ++run_.built;
      } catch (const Failure& failure) {
        if (failure.status() != ExitStatus::build) throw;
        each.fate = Fate::not_built;
        each.detail = failure.what();
        progress.note(failure.what());
      }
    }
    run_.building = run_.built == 0 ? std::chrono::milliseconds(0) : since(began);
  }

  void bootMutants() {
    for (std::size_t i = 0; i != kernels_.size(); ++i) {
      if (!kernels_[i]) continue;
      const Mutant& mutant = run_.results[i].mutant;
      for (const std::string& name : filesystemsOf(mutant)) plan(*kernels_[i], name, mutant.name);
    }
    machines_ = boot();
    auto machine = machines_.begin();
    for (std::size_t i = 0; i != kernels_.size(); ++i) {
      if (!kernels_[i]) continue;
      const Mutant mutant = run_.results[i].mutant;
      const auto end = machine + static_cast<std::ptrdiff_t>(filesystemsOf(mutant).size());
      run_.results[i] = judgeMutant(mutant, {machine, end});
      machine = end;
    }
  }

  // Random steps may find any mistake, so each verdict kills, and the first one is enough.
  void exploreMutants() {
    for (std::size_t i = 0; i != kernels_.size(); ++i) {
      if (!kernels_[i]) continue;
      MutantResult& each = run_.results[i];
      for (const std::string& name : filesystemsOf(each.mutant)) {
        const auto kill =
            bootUntilKilled(planMachine(targets_.at(name), *kernels_[i], setup_,
                                        fmt::format("console-{}-{}.log", each.mutant.name, name)));
        if (!kill) continue;
        each.fate = Fate::killed;
        each.own = {*kill};
        break;
      }
      terminal_.print(fmt::format("{} of {}: {}: {}", i + 1, run_.results.size(), each.mutant.name,
                                  inWords(each)));
    }
  }

  const Clock::time_point began_ = Clock::now();
  const RunOptions& options_;
  const Project& project_;
  const Cache cache_;
  ReportDirectory reports_;
  Terminal terminal_;
  KernelRequest request_;
  MachineSetup setup_;
  Kernel series_;
  std::map<std::string, Target> targets_;       // by filesystem
  std::vector<std::optional<Kernel>> kernels_;  // of run_.results
  std::vector<MachinePlan> plans_;
  std::vector<std::string> titles_;       // of plans_
  std::vector<MachineResult> of_series_;  // without a mutant, one per filesystem
  std::vector<MachineResult> machines_;
  MutantRun run_;
};

}  // namespace

int storedMutants(const MutantsOptions& options, const Project& project, const Tree& tree) {
  const std::vector<Mutant> all = readMutants(project.root / "harness" / "mutants", tree);
  const std::vector<Mutant> chosen = chosenMutants(all, options.filter);
  const Style style = styleFor(STDOUT_FILENO);
  if (options.list || options.json) {
    print(options.json ? mutantListJson(chosen) : mutantList(chosen, style));
    return 0;
  }
  MutantsCommand command(options, project, all, chosen);
  const MutantRun run = command.run();
  print(options.markdown ? mutantMarkdown(run)
                         : mutantTable(run, command.reports().string(), style));
  return static_cast<int>(judge(run.results));
}

}  // namespace runner
