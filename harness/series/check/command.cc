// SPDX-License-Identifier: GPL-2.0-only
#include "series/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "series/check/fit.h"
#include "series/check/patch_checks.h"
#include "series/check/report.h"
#include "series/check/suite.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::set<Check> checksIn(const std::string& text) {
  if (text.empty()) return {kChecks.begin(), kChecks.end()};
  std::set<Check> checks;
  for (const std::string& word : splitAtCommas(text)) {
    const auto found =
        std::ranges::find_if(kChecks, [&](Check check) { return nameOf(check) == word; });
    if (found == kChecks.end()) {
      std::vector<std::string> names;
      for (const Check check : kChecks) names.emplace_back(nameOf(check));
      throw Failure(ExitStatus::usage,
                    fmt::format("--only: unknown check '{}'. Possible: {}", word, listed(names)));
    }
    checks.insert(*found);
  }
  return checks;
}

class SeriesCheck {
 public:
  SeriesCheck(const SeriesOptions& options, const Project& project)
      : project_(project), wanted_(checksIn(options.only)), cache_(Cache::open()) {}

  void run(const Tree& tree) {
    try {
      judge(tree);
    } catch (const Failure& failure) {
      if (failure.status() == ExitStatus::usage) throw;
      passOver(tree, failure);
    } catch (const sys::SetupError& error) {
      passOver(tree, Failure(ExitStatus::environment, error.what()));
    } catch (const fs::filesystem_error& error) {
      passOver(tree, writeFailure(error));
    }
  }

  int end() {
    const auto took = since(began_);
    print(fitTable(fits_));
    const ExitStatus fits = runner::judge(fits_);
    if (wanted_.size() == 1 && wanted_.contains(Check::applies)) return static_cast<int>(fits);
    std::vector<std::string> unfit;
    for (const TreeFit& fit : fits_) {
      if (!fit.failure.empty() || fit.worst() != Fit::clean) unfit.push_back(fit.tree);
    }
    print('\n' + checkTable(patches_, unfit, took, styleFor(STDOUT_FILENO)));
    if (fits != ExitStatus::pass) return static_cast<int>(fits);
    const bool any = std::ranges::any_of(
        patches_, [](const PatchFindings& patch) { return !patch.findings.empty(); });
    const bool clean = any && std::ranges::all_of(patches_, &PatchFindings::clean);
    return static_cast<int>(clean ? ExitStatus::pass : ExitStatus::fail);
  }

 private:
  void judge(const Tree& tree) {
    const std::set<Check> checks = checksFor(tree, wanted_, project_);
    auto progress = std::make_unique<TerminalProgress>(terminal_);
    auto held = std::make_unique<CacheLock>(lockTree(tree.name, cache_, *progress));
    const Source source = availableSource(tree, cache_, *progress);
    TreeFit fit = fitOfTree(tree, source, cache_, *progress);
    const CheckedTree checked{tree, source, project_, cache_};
    std::vector<PatchFindings> patches = checkPatches(checked, fit, checks, *progress);
    fits_.push_back(std::move(fit));
    // The suite locks the tree and shows its own progress.
    held.reset();
    progress.reset();
    if (checks.contains(Check::suite) && fits_.back().worst() != Fit::conflict) {
      try {
        addSuite(checked, terminal_, patches);
      } catch (const std::exception&) {
        // Show what was found so far.
        patches_.insert(patches_.end(), patches.begin(), patches.end());
        throw;
      }
    }
    patches_.insert(patches_.end(), patches.begin(), patches.end());
  }

  // Continue with the other trees.
  void passOver(const Tree& tree, const Failure& failure) {
    fits_.push_back({.tree = tree.name, .failure = failure.what(), .status = failure.status()});
  }

  const Clock::time_point began_ = Clock::now();
  const Project& project_;
  const std::set<Check> wanted_;
  const Cache cache_;
  Terminal terminal_;
  std::vector<TreeFit> fits_;
  std::vector<PatchFindings> patches_;
};

void offer(CLI::App& command, SeriesOptions& options) {
  addText(command,
          {"--tree", "TREE,...", "some of our trees (default: all except those of distributions)"},
          options.trees);
  addSeriesNames(command, options);
  addText(command, {"--only", "CHECK,...", "run only these checks (default: all)"}, options.only);
}

// The exit status: pass if all is clean, build for a conflict, the failure's own status for an
// unavailable tree, otherwise fail.
int execute(const SeriesOptions& options, const Project& project) {
  const std::vector<Tree> trees = chosenTrees(options, project, true);
  SeriesCheck check(options, project);
  for (const Tree& tree : trees) check.run(tree);
  return check.end();
}

constexpr const char* kCheckDetails = R"(Each patch is checked together with those before it:
  applies      to the newest release; a hunk with fuzz or a conflict is named
  checkpatch   checkpatch.pl --strict
  built-in, module, off, 32-bit
               a kernel with overlayfs configured like that builds without a new W=1 warning
  sparse       no new warning in the files that the series change
  kernel-doc   no new warning in these files
  suite        no case regresses; the last patch of a series passes all cases that the series is
               for, at least one of which failed before
patches/exceptions.toml lists accepted complaints, each with its reason. Patches that passed are
not checked again.

Exit status: 0 clean, 1 not clean, 8 a conflict, 9 a tree is unavailable.

Examples:
  ovl-syncfs series check --only applies         builds nothing
  ovl-syncfs series check --tree mainline --series a-syncfs)";

}  // namespace

Command<SeriesOptions> checkCommand() {
  return {"check", "check whether each patch is ready to send", kCheckDetails, offer, execute};
}

}  // namespace runner
