// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/suite.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "filesystems/registry.h"
#include "qemu/initramfs.h"
#include "runner/base/failure.h"
#include "runner/base/progress.h"
#include "runner/base/terminal.h"
#include "runner/kernels/build.h"
#include "runner/results/verdict.h"
#include "runner/run/disks.h"
#include "runner/run/machine_plan.h"
#include "runner/run/run_display.h"
#include "runner/run/wanted.h"
#include "series/check/suite_judgement.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// How often a kernel runs the suite again if the next patch seems to break a case.
constexpr int kTurns = 3;

class SuiteOfTree {
 public:
  SuiteOfTree(const CheckedTree& checked, Terminal& terminal)
      : checked_(checked), terminal_(terminal) {
    request_.tree = tree_.name;
    request_.with = series_.whole().names;
    request_.project = checked_.project.root;
  }

  // The verdicts with each number of patches, from none to all.
  std::vector<Verdicts> run() {
    {
      TerminalProgress progress(terminal_);
      KernelOptions options;
      options.tree = tree_.name;
      request_.architecture = &architectureFor(options, checked_.project, progress);
      compiler_ = compilerIdentity(*request_.architecture);
      guest_ = hashOfFile(checked_.project.guest);
      for (const std::string& name : filesystems::names()) {
        disks_.push_back(provideDisk(name, checked_.cache, progress));
      }
    }
    std::vector<Verdicts> all(series_.size() + 1);
    std::vector<std::size_t> missing;
    for (std::size_t count = 0; count != all.size(); ++count) {
      if (const auto json = checked_.known.find(keyOf(count))) {
        all[count] = fromJson(*json);
      } else {
        missing.push_back(count);
      }
    }
    const std::vector<Verdicts> booted = boot(missing);
    for (std::size_t i = 0; i != missing.size(); ++i) all[missing[i]] = booted[i];
    booted_.insert(missing.begin(), missing.end());
    // Backwards: a kernel's verdicts may change here, and are then compared with the one before it.
    for (std::size_t count = series_.size(); count-- != 0;) askAgain(count, all);
    keep(all);
    return all;
  }

  // The finding about a patch, given by its index.
  Finding finding(std::size_t index, const std::vector<std::string>& complaints) const {
    Finding finding = checked_.findingOf(Check::suite, index, complaints);
    finding.known = booted_.empty();
    return finding;
  }

 private:
  std::string keyOf(std::size_t count) const {
    std::string fragments;
    for (const fs::path& fragment : tree_.fragments(*request_.architecture, "")) {
      fragments += hashOfFile(fragment);
    }
    std::string disks;  // a file name contains a key of what made the disk
    for (const fs::path& disk : disks_) disks += disk.filename().string() + '\n';
    return KnownResults::keyOf({"suite", checked_.source.hash, series_.hashOfFirst(count),
                                fragments, compiler_, guest_, disks,
                                fmt::format("{}", fmt::join(tree_.left_out, ",")),
                                request_.architecture->cache_name});
  }

  static Verdicts fromJson(const nlohmann::json& json) {
    Verdicts verdicts;
    for (const auto& [name, verdict] : json.items()) {
      verdicts[name] = verdictNamed(verdict.get<std::string>()).value_or(Verdict::error);
    }
    return verdicts;
  }

  Kernel kernelWith(std::size_t count, Progress& progress) {
    KernelRequest request = request_;
    request.series_on = count != 0;
    if (count != 0 && count != series_.size()) request.first_patches = count;
    OneStep step(fmt::format("build {} with {} of {} patches", tree_.name, count, series_.size()),
                 progress);
    Kernel kernel = provideKernel(request, checked_.cache, step);
    series_.requireUnchanged();
    // provideKernel() may have asked the archive again.
    const std::optional<Source> now = rememberedSource(tree_, checked_.cache);
    if (now && now->hash != checked_.source.hash) {
      throw Failure(
          ExitStatus::build,
          fmt::format("{}: a newer release appeared while {} was being checked: start again",
                      tree_.name, checked_.source.description));
    }
    return kernel;
  }

  // If a case passes only by chance without the next patch, that patch must not be blamed.
  void askAgain(std::size_t count, std::vector<Verdicts>& all) {
    for (int turn = 0; turn != kTurns && breaks(count, all); ++turn) {
      keepFailuresOf(boot({count}).front(), all[count]);
      booted_.insert(count);
    }
  }

  // Whether the patch at `index` seems to break a case without an accepted reason.
  bool breaks(std::size_t index, const std::vector<Verdicts>& all) const {
    return !finding(index, complaintsOfBroken(all[index], all[index + 1])).clean;
  }

  // The verdicts of the kernels with these numbers of patches, in the order of `counts`.
  std::vector<Verdicts> boot(const std::vector<std::size_t>& counts) {
    if (counts.empty()) return {};
    requireQemu(*request_.architecture);
    std::vector<MachinePlan> plans;
    std::vector<std::string> titles;
    plan(counts, plans, titles);
    const std::vector<MachineResult> machines = bootMachines(plans, {titles}, 0, terminal_);
    const std::size_t each = filesystems::names().size();
    std::vector<Verdicts> verdicts;
    for (std::size_t i = 0; i != counts.size(); ++i) {
      const auto begin = machines.begin() + static_cast<std::ptrdiff_t>(i * each);
      verdicts.push_back(verdictsOf({begin, begin + static_cast<std::ptrdiff_t>(each)}));
    }
    return verdicts;
  }

  void plan(const std::vector<std::size_t>& counts, std::vector<MachinePlan>& plans,
            std::vector<std::string>& titles) {
    TerminalProgress progress(terminal_);
    const std::vector<ListedCase> cases = listCases(checked_.project.guest);
    std::vector<Target> targets;
    for (std::size_t i = 0; i != disks_.size(); ++i) {
      const std::string& name = filesystems::names()[i];
      targets.push_back({name, planCases(cases, name, {}), "", disks_[i]});
    }
    MachineSetup setup;
    setup.directory = scratch_.path();
    qemu::writeInitramfs(checked_.project.guest, setup.directory / "initramfs");
    std::vector<std::string> notes;
    for (const std::size_t count : counts) {
      const Kernel kernel = kernelWith(count, progress);
      setup.accelerator = acceleratorFor(kernel.machine, {}, checked_.cache, notes);
      for (const Target& target : targets) {
        plans.push_back(planMachine(target, kernel, setup,
                                    fmt::format("console-{}-{}.log", count, target.filesystem)));
        titles.push_back(fmt::format("{} with {} of {} patches, {}", tree_.name, count,
                                     series_.size(), target.filesystem));
      }
    }
  }

  // A kernel that breaks a case is run again the next time: it may have been chance.
  void keep(const std::vector<Verdicts>& all) const {
    for (const std::size_t count : booted_) {
      if (count == 0 || !breaks(count - 1, all)) keep(count, all[count]);
    }
  }

  // A panic, timeout and the like is not kept: it may not happen again.
  void keep(std::size_t count, const Verdicts& verdicts) const {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [name, verdict] : verdicts) {
      if (!isOfCase(verdict) || verdict == Verdict::error) return;
      json[name] = std::string(nameOf(verdict));
    }
    checked_.known.keep(keyOf(count), json);
  }

  const CheckedTree& checked_;
  Terminal& terminal_;
  const Tree& tree_ = checked_.tree;
  const FixedSeries& series_ = checked_.series;
  TemporaryDirectory scratch_{checked_.cache.directory("series")};
  KernelRequest request_;
  std::string compiler_, guest_;
  std::vector<fs::path> disks_;  // in the order of filesystems::names()
  std::set<std::size_t> booted_;
};

}  // namespace

void addSuite(const CheckedTree& checked, Terminal& terminal, std::vector<PatchFindings>& patches) {
  const Tree& tree = checked.tree;
  SuiteOfTree suite(checked, terminal);
  const std::vector<Verdicts> verdicts = suite.run();
  const Trees trees = loadTrees(checked.project.root);
  const bool whole = trees.named(tree.name).series == tree.series;
  // --patches counts within the series that are applied.
  const std::string with =
      whole ? "" : fmt::format(" --with {}", fmt::join(checked.series.whole().names, ","));
  std::size_t before_series = 0;  // number of patches
  for (std::size_t index = 0; index != patches.size(); ++index) {
    const PatchInSeries place = placeOf(patches, index, whole, trees.series);
    std::vector<std::string> complaints = complaintsOf(verdicts[index], verdicts[index + 1], place);
    if (place.last) {
      const auto of_series =
          complaintsOfSeries(verdicts[before_series], verdicts[index + 1], place);
      complaints.insert(complaints.end(), of_series.begin(), of_series.end());
      before_series = index + 1;
    }
    Finding finding = suite.finding(index, complaints);
    if (!finding.clean) {
      finding.complaints.insert(finding.complaints.begin(),
                                fmt::format("again: ./ovl-syncfs run --tree {}{} --patches {}",
                                            tree.name, with, index + 1));
    }
    patches[index].findings.push_back(std::move(finding));
  }
}

}  // namespace runner
