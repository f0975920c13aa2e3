// SPDX-License-Identifier: GPL-2.0
#include "series/check/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/option_words.h"
#include "runner/base/output.h"
#include "runner/base/terminal_progress.h"
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
  std::vector<std::string> names;
  for (const Check check : kChecks) names.emplace_back(nameOf(check));
  for (const std::string& word : splitAtCommas(text)) {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end()) {
      throw Failure(ExitStatus::usage,
                    fmt::format("--only '{}' is no check. Possible: {}", word, listed(names)));
    }
    checks.insert(kChecks[static_cast<std::size_t>(found - names.begin())]);
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
    const bool any = std::any_of(patches_.begin(), patches_.end(), [](const PatchFindings& patch) {
      return !patch.findings.empty();
    });
    const bool clean = any && std::all_of(patches_.begin(), patches_.end(),
                                          [](const PatchFindings& patch) { return patch.clean(); });
    return static_cast<int>(clean ? ExitStatus::pass : ExitStatus::fail);
  }

 private:
  void judge(const Tree& tree) {
    const std::set<Check> checks = checksFor(tree, wanted_, project_);
    std::vector<PatchFindings> patches;
    Source source;
    {
      TerminalProgress progress(terminal_);
      const CacheLock held = lockTree(tree.name, cache_, progress);
      source = availableSource(tree, cache_, progress);
      TreeFit fit = fitOfTree(tree, source, cache_, progress);
      patches = checkPatches(tree, source, fit, checks, project_, cache_, progress);
      fits_.push_back(std::move(fit));
    }
    if (checks.contains(Check::suite) && fits_.back().worst() != Fit::conflict) {
      try {
        addSuite(tree, source, project_, cache_, terminal_, patches);
      } catch (const std::exception&) {
        // What was found until then is shown all the same.
        patches_.insert(patches_.end(), patches.begin(), patches.end());
        throw;
      }
    }
    patches_.insert(patches_.end(), patches.begin(), patches.end());
  }

  // The other trees are looked at all the same.
  void passOver(const Tree& tree, const Failure& failure) {
    TreeFit fit;
    fit.tree = tree.name;
    fit.failure = failure.what();
    fit.status = failure.status();
    fits_.push_back(std::move(fit));
  }

  const Clock::time_point began_ = Clock::now();
  const Project& project_;
  const std::set<Check> wanted_;
  const Cache cache_;
  Terminal terminal_;
  std::vector<TreeFit> fits_;
  std::vector<PatchFindings> patches_;
};

}  // namespace

int checkSeries(const SeriesOptions& options, const std::vector<Tree>& trees,
                const Project& project) {
  SeriesCheck check(options, project);
  for (const Tree& tree : trees) check.run(tree);
  return check.end();
}

}  // namespace runner
