// SPDX-License-Identifier: GPL-2.0
#include "series/check/patch_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/one_step.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/unpacked_source.h"
#include "series/check/check_kernel.h"
#include "series/check/checkpatch.h"
#include "series/check/compile_check.h"
#include "series/check/exceptions.h"
#include "series/check/fixed_series.h"
#include "series/check/known_results.h"
#include "series/stored_patch.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

const std::set<Check> kOfCompiler = {Check::builtIn, Check::module, Check::off,
                                     Check::sparse,  Check::doc,    Check::bits};

std::string contentsOf(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) text += hashOfFile(file) + '\n';
  return text;
}

class PatchChecks {
 public:
  PatchChecks(const Tree& tree, const Source& source, const std::set<Check>& wanted,
              const Project& project, const Cache& cache, Progress& progress)
      : tree_(tree),
        source_(source),
        wanted_(wanted),
        cache_(cache),
        progress_(progress),
        known_(cache),
        series_(tree.series),
        touched_(touchedFiles(series_.patches())),
        exceptions_(readExceptions(project.root / "patches" / "exceptions.toml")),
        fragments_(checkFragments(tree, project)) {}

  std::vector<PatchFindings> run(const TreeFit& fit) {
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

  // What a result hangs on among the exceptions. The same patch may have another name elsewhere,
  // and others then.
  std::string excusesFor(Check check, std::size_t patches) const {
    const std::string name = nameOfPatch(tree_.name, series_.patches()[patches - 1]);
    std::string text;
    for (const Exception& exception : exceptions_) {
      if (!exception.isFor(check, name)) continue;
      text += exception.says + '\n' + exception.reason + '\n';
    }
    return text;
  }

  std::string key(Check check, std::size_t patches) const {
    return KnownResults::keyOf({std::string(nameOf(check)), place(patches),
                                excusesFor(check, patches),
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
        CompileCheck compile = compiler(tree, true, step);
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

  // The kernels for the host share their objects, so each of them is silent about some.
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

  CompileCheck compiler(const fs::path& source, bool has_option, Progress& progress) const {
    const fs::path folder = cache_.folder("build/check-" + tree_.name);
    return {{source, folder, fragments_, checkedOption(tree_, fragments_), has_option, touched_},
            cache_,
            progress};
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
    // It does not know the option that a test for upstream brings along.
    CompileCheck check = compiler(sourceAt(0, progress), !tree_.is_test, progress);
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
  const Source& source_;
  const std::set<Check>& wanted_;
  const Cache& cache_;
  Progress& progress_;
  const KnownResults known_;
  const FixedSeries series_;
  const std::set<std::string> touched_;
  const std::vector<Exception> exceptions_;
  const std::vector<fs::path> fragments_;
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

std::vector<PatchFindings> checkPatches(const Tree& tree, const Source& source, const TreeFit& fit,
                                        const std::set<Check>& wanted, const Project& project,
                                        const Cache& cache, Progress& progress) {
  return PatchChecks(tree, source, wanted, project, cache, progress).run(fit);
}

}  // namespace runner
