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
#include "runner/kernels/series.h"
#include "runner/mutants/build_ahead.h"
#include "runner/mutants/judgement.h"
#include "runner/mutants/mutant_kernels.h"
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
  MutantsCommand(const RunOptions& options, const Project& project, const Tree& tree,
                 const std::vector<Mutant>& all, const std::vector<Mutant>& chosen)
      : options_(options),
        project_(project),
        tree_(tree),
        cache_(Cache::open()),
        reports_(options.out, cache_) {
    request_ = requestFor(options.kernel, project);
    std::vector<std::string> names;
    for (const Mutant& mutant : all) names.push_back(mutant.name);
    forgetMutants(request_, names, cache_);
    for (const Mutant& mutant : chosen) run_.results.push_back({mutant, Fate::survived, ""});
    changes_.resize(chosen.size());
  }

  MutantRun run() {
    checkMachine(options_);
    prepare();
    judgeSeries();
    leaveOutMisfits();
    judgeMutants();
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
    if (series_.machine.kind != qemu::Kind::userModeLinux) return;
    kernels_.emplace(request_, series_, tree_, readSeries(tree_.series), cache_, progress);
    // The first mutant that is built takes its place.
    series_.image = imageAhead(setup_.directory, 0);
    kernels_->build().link(series_.image);
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

  // Before the first build, which may change the source.
  void leaveOutMisfits() {
    TerminalProgress progress(terminal_);
    const fs::path source =
        kernels_ ? kernels_->source().path() : provideSource(request_, cache_, progress);
    for (std::size_t i = 0; i != run_.results.size(); ++i) {
      MutantResult& each = run_.results[i];
      each.detail = whyNotRun(each.mutant);
      if (!each.detail.empty()) {
        each.fate = Fate::not_run;
      } else if (const PatchFit fit = fitOf(each.mutant.patch, source); fit.worst() != Fit::clean) {
        each.fate = Fate::not_built;
        each.detail =
            fmt::format("{} does not apply to Linux {}: {}", each.mutant.patch.filename().string(),
                        series_.identity.release, fit.complaints().front());
      } else if (kernels_) {
        changes_[i] = kernels_->source().changedBy(fit, cache_, progress);
      }
    }
  }

  void judgeMutants() {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i != run_.results.size(); ++i) {
      if (run_.results[i].fate == Fate::survived) chosen.push_back(i);
    }
    buildAhead(
        chosen.size(), kernels_.has_value(),
        [&](std::size_t number) {
          const auto began = Clock::now();
          auto kernel = kernelOf(chosen[number], number, chosen.size());
          run_.building += since(began);
          return kernel;
        },
        [&](std::size_t number, const std::optional<Kernel>& kernel) {
          MutantResult& each = run_.results[chosen[number]];
          if (kernel) options_.exploration ? explore(*kernel, each) : boot(*kernel, each);
          terminal_.print(fmt::format("{} of {}: {}: {}", number + 1, chosen.size(),
                                      each.mutant.name, inWords(each)));
        });
  }

  // Nothing: the fate of the mutant says why. number: of all that are built.
  std::optional<Kernel> kernelOf(std::size_t i, std::size_t number, std::size_t all) {
    try {
      return kernels_ ? builtKernel(i, imageAhead(setup_.directory, number))
                      : cachedKernel(i, number, all);
    } catch (const Failure& failure) {
      if (failure.status() != ExitStatus::build) throw;
      run_.results[i].fate = Fate::not_built;
      run_.results[i].detail = failure.what();
      return std::nullopt;
    }
  }

  std::optional<Kernel> builtKernel(std::size_t i, const fs::path& image) {
    using Kind = MutantBuild::Result::Kind;
    const MutantBuild::Result built = kernels_->build().build(changes_[i], image);
    run_.results[i].detail = built.detail;
    if (built.kind == Kind::invalid) run_.results[i].fate = Fate::not_built;
    if (built.kind != Kind::image) return std::nullopt;
    ++run_.built;
    Kernel kernel = series_;
    kernel.image = image;
    return kernel;
  }

  std::optional<Kernel> cachedKernel(std::size_t i, std::size_t number, std::size_t all) {
    const MutantResult& each = run_.results[i];
    TerminalProgress progress(terminal_);
    OneStep step(fmt::format("build {}, {} of {}", each.mutant.name, number + 1, all), progress);
    KernelRequest request = request_;
    request.mutant = each.mutant.patch;
    Kernel kernel = provideKernel(request, cache_, step);
    if (step.begun()) ++run_.built;
    return kernel;
  }

  void boot(const Kernel& kernel, MutantResult& each) {
    for (const std::string& name : filesystemsOf(each.mutant)) plan(kernel, name, each.mutant.name);
    const std::vector<MachineResult> machines = boot();
    each = judgeMutant(each.mutant, machines);
    machines_.insert(machines_.end(), machines.begin(), machines.end());
  }

  // Random steps may find any mistake, so each verdict kills, and the first one is enough.
  void explore(const Kernel& kernel, MutantResult& each) {
    for (const std::string& name : filesystemsOf(each.mutant)) {
      const auto kill =
          bootUntilKilled(planMachine(targets_.at(name), kernel, setup_,
                                      fmt::format("console-{}-{}.log", each.mutant.name, name)));
      if (!kill) continue;
      each.fate = Fate::killed;
      each.own = {*kill};
      return;
    }
  }

  const Clock::time_point began_ = Clock::now();
  const RunOptions& options_;
  const Project& project_;
  const Tree& tree_;
  const Cache cache_;
  ReportDirectory reports_;
  Terminal terminal_;
  KernelRequest request_;
  MachineSetup setup_;
  Kernel series_;
  std::optional<MutantKernels> kernels_;   // only in User-Mode Linux
  std::vector<ChangedFiles> changes_;      // of run_.results; only with kernels_
  std::map<std::string, Target> targets_;  // by filesystem
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
  MutantsCommand command(options, project, tree, all, chosen);
  const MutantRun run = command.run();
  print(options.markdown ? mutantMarkdown(run)
                         : mutantTable(run, command.reports().string(), style));
  return static_cast<int>(judge(run.results));
}

}  // namespace runner
