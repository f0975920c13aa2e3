// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/patch_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "runner/base/failure.h"
#include "runner/base/progress.h"
#include "runner/kernels/config.h"
#include "runner/kernels/patched_tree.h"
#include "series/check/compile_check.h"
#include "series/stored_patch.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

const std::set<Check> kOfCompiler = {Check::builtIn, Check::module, Check::off,
                                     Check::sparse,  Check::doc,    Check::bits};

// The configuration of the kernel that is compiled, in kernel-overlay/config: check.config, and
// check-NAME.config of each series that has one.
std::vector<fs::path> checkFragments(const Tree& tree, const Project& project) {
  const fs::path directory = project.root / "kernel-overlay" / "config";
  std::vector<fs::path> fragments = {directory / "check.config"};
  for (const fs::path& series : tree.series) {
    const fs::path own = directory / ("check-" + series.filename().string() + ".config");
    if (fs::exists(own)) fragments.push_back(own);
  }
  return fragments;
}

// The option that is set to built-in, module and off in turn: the last one of all.
std::string checkedOption(const std::vector<fs::path>& fragments) {
  const std::vector<Option> options = readFragments({fragments.back()});
  if (!options.empty()) return options.back().symbol;
  throw Failure(ExitStatus::build,
                fmt::format("{} sets no option: its last one must be that of the checked code",
                            fragments.back().string()));
}

class PatchChecks {
 public:
  PatchChecks(const CheckedTree& checked, const std::set<Check>& wanted, Progress& progress)
      : checked_(checked), wanted_(wanted), progress_(progress) {}

  std::vector<PatchFindings> run(const TreeFit& fit) {
    std::vector<PatchFindings> patches = named();
    patches.resize(fit.patches.size());  // up to the first that conflicts
    for (std::size_t index = 0; wanted_.contains(Check::applies) && index != patches.size();
         ++index) {
      patches[index].findings.push_back(
          checked_.findingOf(Check::applies, index, fit.patches[index].complaints()));
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
      const std::string series = file.parent_path().filename().string();
      const bool next = !patches.empty() && patches.back().series == series;
      patches.push_back(
          {tree_.name, series, next ? patches.back().number + 1 : 1, readPatch(file).subject, {}});
    }
    return patches;
  }

  // The exceptions that a result depends on. The same patch may have another name, and other
  // exceptions, in another tree.
  std::string excusesFor(Check check, std::size_t index) const {
    std::string text;
    for (const Exception& exception : checked_.exceptions) {
      if (!exception.isFor(check, checked_.nameOf(index))) continue;
      text += exception.says + '\n' + exception.reason + '\n';
    }
    return text;
  }

  std::string key(Check check, std::size_t index) const {
    return KnownResults::keyOf({std::string(nameOf(check)), place(index + 1),
                                excusesFor(check, index),
                                check == Check::checkpatch ? series_.text(index) : tools()});
  }

  // The source with that many patches, and the files in it that are checked.
  std::string place(std::size_t patches) const {
    std::string fragments;
    for (const fs::path& file : fragments_) fragments += hashOfFile(file) + '\n';
    return fmt::format("{} {} {} {}", checked_.source.hash, series_.hashOfFirst(patches),
                       fmt::join(touched_, " "), fragments);
  }

  const std::string& tools() const {
    if (tools_.empty()) tools_ = CompileCheck::tools();
    return tools_;
  }

  // Adds findings from earlier runs; returns the checks that are still to be made.
  std::set<Check> missing(std::size_t index, std::vector<Finding>& findings) const {
    std::set<Check> missing;
    for (const Check check : wanted_) {
      if (check == Check::applies || check == Check::suite) continue;
      if (const auto json = checked_.known.find(key(check, index))) {
        findings.push_back({.check = check,
                            .clean = true,
                            .excused = json->value("excused", std::vector<std::string>()),
                            .known = true});
      } else {
        missing.insert(check);
      }
    }
    return missing;
  }

  void sourceChecks(std::size_t index, PatchFindings& patch) {
    const std::set<Check> to_do = missing(index, patch.findings);
    if (to_do.empty()) return;
    OneStep step(
        fmt::format("check {}, {} of {}: {}", tree_.name, index + 1, series_.size(), patch.subject),
        progress_);
    const bool compiles =
        std::ranges::any_of(to_do, [](Check check) { return kOfCompiler.contains(check); });
    const auto base = compiles ? remarksOfBase(step) : std::map<Check, Remarks>();
    const fs::path source = sourceAt(index + 1, step);
    if (to_do.contains(Check::checkpatch)) {
      keep(index, patch,
           checked_.findingOf(Check::checkpatch, index,
                              checkpatch(series_.patches()[index], source)));
    }
    if (compiles) compile(index, to_do, source, base, patch, step);
    std::ranges::sort(patch.findings, {}, &Finding::check);
  }

  void compile(std::size_t index, const std::set<Check>& to_do, const fs::path& source,
               const std::map<Check, Remarks>& base, PatchFindings& patch, Progress& progress) {
    // Warnings of files that an earlier, unclean run compiled would not be repeated.
    const fs::path unheard =
        checked_.cache.directory("build") / ("check-" + tree_.name + ".unheard");
    std::error_code error;
    CompileCheck compile = compiler(source, true, progress);
    if (fs::exists(unheard, error)) compile.forget();
    writeFileAtomically(unheard, "");
    const Remarks of_base = together(base);
    bool silent = true;
    for (const auto& [check, said] : compile.run(to_do)) {
      std::vector<std::string> complaints;
      const bool alone = check == Check::bits || check == Check::sparse || check == Check::doc;
      std::ranges::set_difference(said, alone ? base.at(check) : of_base,
                                  std::back_inserter(complaints));
      Finding finding = checked_.findingOf(check, index, complaints);
      silent = silent && finding.clean;
      if (to_do.contains(check)) keep(index, patch, std::move(finding));
    }
    if (silent) fs::remove(unheard, error);
  }

  // The kernels for the host share their objects, so each of them reports only some of the
  // warnings.
  static Remarks together(const std::map<Check, Remarks>& base) {
    Remarks all;
    for (const Check check : {Check::builtIn, Check::module, Check::off}) {
      Remarks wider;
      std::ranges::set_union(all, base.at(check), std::inserter(wider, wider.end()));
      all = std::move(wider);
    }
    return all;
  }

  // What is not clean is checked again the next time.
  void keep(std::size_t index, PatchFindings& patch, Finding finding) {
    series_.requireUnchanged();
    if (finding.clean) {
      checked_.known.keep(key(finding.check, index), {{"excused", finding.excused}});
    }
    patch.findings.push_back(std::move(finding));
  }

  // The tree with that many patches, in the directory of the whole series.
  fs::path sourceAt(std::size_t patches, Progress& progress) {
    const fs::path pristine = unpackedSource(tree_.name, checked_.source, checked_.cache, progress);
    return patchedTree(pristine, firstPatches(series_.whole(), patches), progress).path;
  }

  CompileCheck compiler(const fs::path& source, bool has_option, Progress& progress) const {
    const fs::path directory = checked_.cache.directory("build/check-" + tree_.name);
    return {{source, directory, fragments_, checkedOption(fragments_), has_option, touched_},
            checked_.cache,
            progress};
  }

  // If the base does not build, every patch would look clean. The same goes for a file that sparse
  // gave up on: one that patches touch, or any that includes a broken header. A sparse error in
  // another file is the release's own problem.
  void refuseBase(Check check, const std::string& remark) const {
    const bool failed = remark.starts_with("error: ");
    const auto error = check == Check::sparse ? remark.find(": error: ") : std::string::npos;
    const std::string file = error == std::string::npos ? "" : remark.substr(0, error);
    if (!failed && !touched_.contains(file) && !file.ends_with(".h")) return;
    throw Failure(
        ExitStatus::build,
        fmt::format("{}: {} fails without any patch, so the patches cannot be checked: {}",
                    tree_.name, nameOf(check), remark));
  }

  // The remarks without any patch, which no patch is to blame for.
  std::map<Check, Remarks> remarksOfBase(Progress& progress) {
    const std::string base_key = KnownResults::keyOf({"base", place(0), tools()});
    std::map<Check, Remarks> remarks;
    if (const auto json = checked_.known.find(base_key)) {
      for (const Check check : kOfCompiler) {
        remarks[check] = json->value(std::string(nameOf(check)), Remarks());
      }
      return remarks;
    }
    progress.step("without a patch");
    // The base lacks the option that a test for upstream adds.
    CompileCheck check = compiler(sourceAt(0, progress), !tree_.is_test, progress);
    // Only files that are compiled now are reported.
    check.forget();
    remarks = check.run(kOfCompiler);
    nlohmann::json json;
    for (const auto& [which, said] : remarks) {
      for (const std::string& remark : said) refuseBase(which, remark);
      json[std::string(nameOf(which))] = said;
    }
    checked_.known.keep(base_key, json);
    return remarks;
  }

  const CheckedTree& checked_;
  const std::set<Check>& wanted_;
  Progress& progress_;
  const Tree& tree_ = checked_.tree;
  const FixedSeries& series_ = checked_.series;
  const std::set<std::string> touched_ = touchedFiles(series_.patches());
  const std::vector<fs::path> fragments_ = checkFragments(tree_, checked_.project);
  mutable std::string tools_;
};

}  // namespace

std::set<Check> checksFor(const Tree& tree, const std::set<Check>& wanted, const Project& project) {
  std::set<Check> checks = wanted;
  if (!tree.is_test) return checks;
  checks.erase(Check::suite);
  if (checkFragments(tree, project).size() == 1) {
    for (const Check check : kOfCompiler) checks.erase(check);
  }
  return checks;
}

std::vector<PatchFindings> checkPatches(const CheckedTree& tree, const TreeFit& fit,
                                        const std::set<Check>& wanted, Progress& progress) {
  return PatchChecks(tree, wanted, progress).run(fit);
}

}  // namespace runner
