// SPDX-License-Identifier: GPL-2.0
#include "runner/commands/series_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "runner/cache.h"
#include "runner/commands/series_suite.h"
#include "runner/disk_space.h"
#include "runner/failure.h"
#include "runner/gate/checkpatch.h"
#include "runner/gate/compile_check.h"
#include "runner/gate/exceptions.h"
#include "runner/gate/fixed_series.h"
#include "runner/gate/known_results.h"
#include "runner/gate/report.h"
#include "runner/kernel/patched_tree.h"
#include "runner/one_step.h"
#include "runner/output.h"
#include "runner/report/text.h"
#include "runner/series/check.h"
#include "runner/series/stored_patch.h"
#include "runner/terminal_progress.h"
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

const std::set<Check> kOfCompiler = {Check::builtIn, Check::module, Check::off,
                                     Check::sparse,  Check::doc,    Check::bits};

std::string contentsOf(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) text += hashOfFile(file) + '\n';
  return text;
}

// The checks of one tree that read and compile its source.
class TreeGate {
 public:
  TreeGate(const Tree& tree, const std::set<Check>& wanted, const Project& project,
           const Cache& cache, Progress& progress)
      : tree_(tree),
        wanted_(wanted),
        cache_(cache),
        progress_(progress),
        known_(cache),
        series_(tree.series),
        touched_(touchedFiles(series_.patches())),
        exceptions_(readExceptions(project.root / "patches" / "exceptions.toml")) {
    fragments_ = {project.root / "kernel-overlay" / "config" / "check.config"};
  }

  // The findings of each patch, but those of the suite. The caller holds the tree's lock.
  std::vector<PatchFindings> run(const Source& source, const TreeFit& fit) {
    source_ = source;
    std::vector<PatchFindings> patches = named();
    patches.resize(fit.patches.size());  // up to the first that conflicts
    for (std::size_t index = 0; index != patches.size(); ++index) {
      if (wanted_.contains(Check::applies)) {
        patches[index].findings.push_back(ofFit(fit.patches[index]));
      }
    }
    if (fit.worst() == Fit::conflict) return patches;
    for (std::size_t index = 0; index != patches.size(); ++index) {
      sourceChecks(index, patches[index]);
    }
    return patches;
  }

 private:
  std::vector<PatchFindings> named() const {
    std::vector<PatchFindings> patches;
    for (const fs::path& file : series_.patches()) {
      PatchFindings patch;
      patch.tree = tree_.name;
      patch.series = file.parent_path().filename().string();
      patch.number =
          !patches.empty() && patches.back().series == patch.series ? patches.back().number + 1 : 1;
      patch.subject = readPatch(file).subject;
      patches.push_back(std::move(patch));
    }
    return patches;
  }

  Finding ofFit(const PatchFit& fit) const {
    std::vector<std::string> complaints;
    if (fit.worst() != Fit::clean) complaints = fit.complaints();
    return findingOf(Check::applies, nameOfPatch(tree_.name, fit.patch), complaints, exceptions_);
  }

  // What a result hangs on among the exceptions.
  std::string excusesFor(Check check) const {
    std::string text;
    for (const Exception& exception : exceptions_) {
      if (exception.check != nameOf(check)) continue;
      text += exception.patch + '\n' + exception.says + '\n' + exception.reason + '\n';
    }
    return text;
  }

  std::string key(Check check, std::size_t patches) const {
    return KnownResults::keyOf({std::string(nameOf(check)), place(patches), excusesFor(check),
                                check == Check::checkpatch ? series_.text(patches - 1) : tools()});
  }

  // What the source of the first patches is, and what of it is looked at.
  std::string place(std::size_t patches) const {
    return fmt::format("{} {} {} {}", source_.hash, series_.hashOfFirst(patches),
                       fmt::join(touched_, " "), contentsOf(fragments_));
  }

  const std::string& tools() const {
    if (tools_.empty()) tools_ = CompileCheck::tools();
    return tools_;
  }

  // Adds what is known from before; returns what has to be found out.
  std::set<Check> missing(std::size_t index, std::vector<Finding>& findings) const {
    std::set<Check> missing;
    for (const Check check : kChecks) {
      if (!wanted_.contains(check) || check == Check::applies || check == Check::suite) continue;
      const auto json = known_.find(key(check, index + 1));
      if (!json) {
        missing.insert(check);
        continue;
      }
      Finding finding;
      finding.check = check;
      finding.clean = finding.known = true;
      finding.excused = json->value("excused", std::vector<std::string>());
      findings.push_back(std::move(finding));
    }
    return missing;
  }

  void sourceChecks(std::size_t index, PatchFindings& patch) {
    const std::set<Check> to_do = missing(index, patch.findings);
    if (!to_do.empty()) {
      OneStep step(fmt::format("check {}, {} of {}: {}", tree_.name, index + 1, series_.size(),
                               patch.subject),
                   progress_);
      const fs::path& file = series_.patches()[index];
      const std::string name = nameOfPatch(tree_.name, file);
      std::map<Check, Remarks> base;
      if (std::any_of(to_do.begin(), to_do.end(),
                      [](Check check) { return kOfCompiler.contains(check); })) {
        base = remarksOfBase(step);
      }
      const fs::path tree = sourceAt(index + 1, step);
      if (to_do.contains(Check::checkpatch)) {
        keep(index, patch, findingOf(Check::checkpatch, name, checkpatch(file, tree), exceptions_));
      }
      if (!base.empty()) {
        // A file that was compiled by a run which did not find all clean is not heard of again.
        const fs::path unheard = cache_.folder("build") / ("check-" + tree_.name + ".unheard");
        std::error_code error;
        CompileCheck compile = compiler(tree, step);
        if (fs::exists(unheard, error)) compile.forget();
        writeFileAtomically(unheard, "");
        const auto remarks = compile.run(to_do);
        const Remarks of_base = together(base);
        bool silent = true;
        for (const auto& [check, said] : remarks) {
          std::vector<std::string> complaints;
          const bool alone = check == Check::bits || check == Check::sparse || check == Check::doc;
          const Remarks& before = alone ? base[check] : of_base;
          std::set_difference(said.begin(), said.end(), before.begin(), before.end(),
                              std::back_inserter(complaints));
          Finding finding = findingOf(check, name, complaints, exceptions_);
          silent = silent && finding.clean;
          if (to_do.contains(check)) keep(index, patch, std::move(finding));
        }
        if (silent) fs::remove(unheard, error);
      }
    }
    std::sort(patch.findings.begin(), patch.findings.end(),
              [](const Finding& one, const Finding& other) { return one.check < other.check; });
  }

  // The kernels for x86-64 share their objects, so each of them is silent about some.
  static Remarks together(const std::map<Check, Remarks>& base) {
    Remarks all;
    for (const Check check : {Check::builtIn, Check::module, Check::off}) {
      Remarks wider;
      std::set_union(all.begin(), all.end(), base.at(check).begin(), base.at(check).end(),
                     std::inserter(wider, wider.end()));
      all = std::move(wider);
    }
    return all;
  }

  // What is not clean is looked at again the next time.
  void keep(std::size_t index, PatchFindings& patch, Finding finding) {
    series_.requireUnchanged();
    if (finding.clean) {
      known_.keep(key(finding.check, index + 1), {{"excused", finding.excused}});
    }
    patch.findings.push_back(std::move(finding));
  }

  // The tree with that many patches; its place is that of the whole series.
  fs::path sourceAt(std::size_t patches, Progress& progress) {
    const fs::path pristine = unpackedSource(tree_.name, source_, cache_, progress);
    return patchedTree(pristine, firstPatches(series_.whole(), patches), progress).path;
  }

  CompileCheck compiler(const fs::path& tree, Progress& progress) const {
    return {
        {tree, cache_.folder("build/check-" + tree_.name), fragments_, touched_}, cache_, progress};
  }

  // Against a base that does not build everything is clean, and so is a file that sparse has given
  // up on: one that patches touch, or all that include a header. Only what it says of another
  // file's own lines is the release's affair.
  void refuseBase(Check check, const std::string& remark) const {
    const bool failed = remark.starts_with("error: ");
    const auto error = check == Check::sparse ? remark.find(": error: ") : std::string::npos;
    const std::string file = error == std::string::npos ? "" : remark.substr(0, error);
    if (!failed && !touched_.contains(file) && !file.ends_with(".h")) return;
    throw Failure(ExitStatus::build,
                  fmt::format("{}: {} of the source without a patch cannot be relied on: {}",
                              tree_.name, nameOf(check), remark));
  }

  // What is said without any patch, and so is nobody's fault here.
  std::map<Check, Remarks> remarksOfBase(Progress& progress) {
    const std::string base_key = KnownResults::keyOf({"base", place(0), tools()});
    std::map<Check, Remarks> remarks;
    if (const auto json = known_.find(base_key)) {
      for (const Check check : kOfCompiler) {
        remarks[check] = json->value(std::string(nameOf(check)), Remarks());
      }
      return remarks;
    }
    progress.step("without a patch");
    CompileCheck check = compiler(sourceAt(0, progress), progress);
    // A file that is not compiled now is not heard of.
    check.forget();
    remarks = check.run(kOfCompiler);
    nlohmann::json json;
    for (const auto& [which, said] : remarks) {
      for (const std::string& remark : said) refuseBase(which, remark);
      json[std::string(nameOf(which))] = said;
    }
    known_.keep(base_key, json);
    return remarks;
  }

  const Tree& tree_;
  const std::set<Check>& wanted_;
  const Cache& cache_;
  Progress& progress_;
  const KnownResults known_;
  const FixedSeries series_;
  const std::set<std::string> touched_;
  const std::vector<Exception> exceptions_;
  std::vector<fs::path> fragments_;
  Source source_;
  mutable std::string tools_;
};

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
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
    print(fitTable(fits_));
    const ExitStatus fits = runner::judge(fits_);
    if (wanted_.size() == 1 && wanted_.contains(Check::applies)) return static_cast<int>(fits);
    std::vector<std::string> unfit;
    for (const TreeFit& fit : fits_) {
      if (!fit.failure.empty() || fit.worst() != Fit::clean) unfit.push_back(fit.tree);
    }
    print('\n' + gateTable(patches_, unfit, took, styleFor(STDOUT_FILENO)));
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
    std::vector<PatchFindings> patches;
    Source source;
    {
      TerminalProgress progress(terminal_);
      const CacheLock held = lockTree(tree.name, cache_, progress);
      source = availableSource(tree, cache_, progress);
      TreeFit fit = fitOfTree(tree, source, cache_, progress);
      const std::set<Check> checks = checksOf(tree);
      TreeGate gate(tree, checks, project_, cache_, progress);
      patches = gate.run(source, fit);
      fits_.push_back(std::move(fit));
    }
    if (checksOf(tree).contains(Check::suite) && fits_.back().worst() != Fit::conflict) {
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

  // What goes to upstream's own suites is in no kernel that is built here.
  std::set<Check> checksOf(const Tree& tree) const {
    std::set<Check> checks = wanted_;
    if (tree.is_test) {
      std::erase_if(checks, [](Check check) {
        return check != Check::applies && check != Check::checkpatch;
      });
    }
    return checks;
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
