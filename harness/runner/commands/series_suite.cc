// SPDX-License-Identifier: GPL-2.0
#include "runner/commands/series_suite.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "qemu/initramfs.h"
#include "runner/commands/machine_plan.h"
#include "runner/commands/machines.h"
#include "runner/disks.h"
#include "runner/gate/known_results.h"
#include "runner/gate/suite_judgement.h"
#include "runner/kernel/build.h"
#include "runner/kernel/series.h"
#include "runner/machine_display.h"
#include "runner/one_step.h"
#include "runner/terminal_progress.h"
#include "runner/verdict.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

// How often a kernel is asked again about the cases that the next patch seems to break.
constexpr int kTurns = 3;

class SuiteOfTree {
 public:
  SuiteOfTree(const Tree& tree, const Source& source, const Project& project, const Cache& cache,
              Terminal& terminal)
      : tree_(tree),
        source_(source),
        project_(project),
        cache_(cache),
        terminal_(terminal),
        known_(cache),
        series_(readSeries(tree.series)),
        scratch_(cache.folder("series")) {
    request_.tree = tree.name;
    request_.with = series_.names;
    request_.project = project.root;
  }

  // The verdicts with so many patches, from none to all.
  std::vector<Verdicts> run() {
    {
      TerminalProgress progress(terminal_);
      KernelOptions options;
      options.tree = tree_.name;
      request_.machine = machineFor(options, project_, progress);
      compiler_ = compilerIdentity();
      guest_ = hashOfFile(project_.guest);
    }
    std::vector<Verdicts> all(series_.patches.size() + 1);
    std::vector<std::size_t> missing;
    for (std::size_t count = 0; count != all.size(); ++count) {
      if (const auto json = known_.find(keyOf(count))) {
        all[count] = fromJson(*json);
      } else {
        missing.push_back(count);
      }
    }
    known_count_ = all.size() - missing.size();
    const std::vector<Verdicts> booted = boot(missing);
    for (std::size_t i = 0; i != missing.size(); ++i) {
      all[missing[i]] = booted[i];
      keep(missing[i], booted[i]);
    }
    // From the last one on: what a kernel turns out to be is compared with the one before it too.
    for (std::size_t count = series_.patches.size(); count-- != 0;) {
      askAgain(count, all[count], all[count + 1]);
    }
    return all;
  }

  const std::vector<std::string>& series() const { return series_.names; }
  bool allKnown() const { return known_count_ == series_.patches.size() + 1; }

 private:
  std::string keyOf(std::size_t count) const {
    std::string fragments;
    for (const fs::path& fragment : tree_.fragments(request_.machine, false)) {
      fragments += hashOfFile(fragment);
    }
    return KnownResults::keyOf({"suite", source_.hash, firstPatches(series_, count).hash, fragments,
                                compiler_, guest_, tree_.leaves_out,
                                std::string(qemu::nameOf(request_.machine))});
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
    if (count != 0 && count != series_.patches.size()) request.first_patches = count;
    OneStep step(
        fmt::format("build {} with {} of {} patches", tree_.name, count, series_.patches.size()),
        progress);
    return provideKernel(request, cache_, step);
  }

  // The next patch is not to blame for a case that passes by chance before it.
  void askAgain(std::size_t count, Verdicts& without, const Verdicts& with) {
    for (int turn = 0; turn != kTurns && !brokenCases(without, with).empty(); ++turn) {
      keepFailuresOf(boot({count}).front(), without);
      keep(count, without);
    }
  }

  // The verdicts of the kernels with so many patches, in the order of `counts`.
  std::vector<Verdicts> boot(const std::vector<std::size_t>& counts) {
    if (counts.empty()) return {};
    std::vector<MachinePlan> plans;
    std::vector<std::string> titles;
    plan(counts, plans, titles);
    SessionEnd end;
    {
      MachineDisplay display(std::move(titles), terminal_);
      end = runMachines(plans, jobsFor(0, plans.size()), qemu::run, display);
    }
    if (end.interrupted_by != 0) throw sys::Interrupted(end.interrupted_by);
    const std::size_t each = knownFilesystems().size();
    std::vector<Verdicts> verdicts;
    for (std::size_t i = 0; i != counts.size(); ++i) {
      const auto begin = end.machines.begin() + static_cast<std::ptrdiff_t>(i * each);
      verdicts.push_back(verdictsOf({begin, begin + static_cast<std::ptrdiff_t>(each)}));
    }
    return verdicts;
  }

  void plan(const std::vector<std::size_t>& counts, std::vector<MachinePlan>& plans,
            std::vector<std::string>& titles) {
    TerminalProgress progress(terminal_);
    const std::vector<ListedCase> cases = listCases(project_.guest);
    std::vector<Target> targets;
    for (const std::string& name : knownFilesystems()) {
      targets.push_back(
          {name, planCases(cases, name, {}), "", provideDisk(name, cache_, progress)});
    }
    MachineSetup setup;
    setup.folder = scratch_.path();
    qemu::writeInitramfs(project_.guest, setup.folder / "initramfs");
    std::vector<std::string> notes;
    for (const std::size_t count : counts) {
      const Kernel kernel = kernelWith(count, progress);
      setup.accelerator = acceleratorFor(kernel.machine, {}, cache_, notes);
      for (const Target& target : targets) {
        plans.push_back(planMachine(target, kernel, setup,
                                    fmt::format("console-{}-{}.log", count, target.filesystem)));
        titles.push_back(fmt::format("{} with {} of {} patches, {}", tree_.name, count,
                                     series_.patches.size(), target.filesystem));
      }
    }
  }

  // What befell a machine may not befall it again.
  void keep(std::size_t count, const Verdicts& verdicts) const {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [name, verdict] : verdicts) {
      if (!isOfCase(verdict) || verdict == Verdict::error) return;
      json[name] = std::string(nameOf(verdict));
    }
    known_.keep(keyOf(count), json);
  }

  const Tree& tree_;
  const Source& source_;
  const Project& project_;
  const Cache& cache_;
  Terminal& terminal_;
  const KnownResults known_;
  const Series series_;
  TemporaryFolder scratch_;
  KernelRequest request_;
  std::string compiler_, guest_;
  std::size_t known_count_ = 0;
};

// The letter of the rows that a series is for: "a-syncfs" is for those of A.
char rowsOf(const std::string& series) {
  constexpr char kToCapital = 'A' - 'a';
  return static_cast<char>(series.front() + kToCapital);
}

// Where in its series a patch is, and which rows it leaves to others: with all series of the tree
// on it none, else all but those of the series up to here.
PatchInSeries placeOf(const std::vector<PatchFindings>& patches, std::size_t index, bool whole) {
  PatchInSeries place;
  const bool end = index + 1 == patches.size();
  place.last = end || patches[index + 1].series != patches[index].series;
  if (end && whole) return place;
  place.rows_of_others = "ABCV";
  for (std::size_t i = 0; i <= index; ++i) {
    std::erase(place.rows_of_others, rowsOf(patches[i].series));
  }
  return place;
}

}  // namespace

void addSuite(const Tree& tree, const Source& source, const Project& project, const Cache& cache,
              Terminal& terminal, std::vector<PatchFindings>& patches) {
  SuiteOfTree suite(tree, source, project, cache, terminal);
  const std::vector<Verdicts> verdicts = suite.run();
  const Trees trees = loadTrees(project.root);
  const bool whole = trees.named(tree.name).series.size() == tree.series.size();
  // --patches counts in the series that are put on.
  const std::string with = whole ? "" : fmt::format(" --with {}", fmt::join(suite.series(), ","));
  std::size_t before_series = 0;  // so many patches
  for (std::size_t index = 0; index != patches.size(); ++index) {
    const PatchInSeries place = placeOf(patches, index, whole);
    Finding finding;
    finding.check = Check::suite;
    finding.complaints = complaintsOf(verdicts[index], verdicts[index + 1], place);
    if (place.last) {
      const auto of_series = complaintsOfSeries(verdicts[before_series], verdicts[index + 1]);
      finding.complaints.insert(finding.complaints.end(), of_series.begin(), of_series.end());
      before_series = index + 1;
    }
    finding.clean = finding.complaints.empty();
    if (!finding.clean) {
      finding.complaints.insert(finding.complaints.begin(),
                                fmt::format("again: ./ovl-syncfs run --tree {}{} --patches {}",
                                            tree.name, with, index + 1));
    }
    finding.known = suite.allKnown();
    patches[index].findings.push_back(std::move(finding));
  }
}

}  // namespace runner
