// SPDX-License-Identifier: GPL-2.0-only
#include "series/export/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/series.h"
#include "runner/kernels/series_fit.h"
#include "series/export/b4.h"
#include "series/export/linked_tree.h"
#include "series/stored_patch.h"
#include "sys/shell_word.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// A temporary branch below b4's while that is made: b4 needs a branch to start from.
constexpr const char* kBelow = "ovl-syncfs-export-in-progress";

// "ovl-a-syncfs", "ovl-a-syncfs-6-1-y": b4 derives a branch and a change-id from it.
std::string slugOf(const Tree& tree) {
  std::string slug = "ovl-" + tree.series.front().filename().string();
  if (tree.patches.filename() != "mainline") slug += '-' + tree.patches.filename().string();
  std::ranges::replace(slug, '.', '-');
  return slug;
}

class Exporter {
 public:
  // beside: a new directory for a separate work tree to make it in; empty: it is made in git's own.
  Exporter(const Tree& tree, const GitTree& git, fs::path beside, bool adapts, Progress& progress)
      : tree_(tree),
        adapts_(adapts),
        git_(git),
        beside_(std::move(beside)),
        place_(&git),
        progress_(progress),
        scratch_((beside_.empty() ? git.path() : beside_).parent_path()) {}

  Submission run(const std::string& base) {
    const fs::path& directory = tree_.series.front();
    const Series series = readSeries({directory});
    const StoredPatch cover = readCover(directory);
    submission_.signer = git_.identity();
    submission_.branch = "b4/" + slugOf(tree_);
    submission_.patches = series.patches.size();
    // beside: <directory for all exports>/<that of this one>/<name>.
    if (!beside_.empty()) {
      LinkedTree::removeLeftOver(git_, beside_.parent_path().parent_path(), kBelow);
    }
    refuseBranches();
    start_ = git_.commitOf(base.empty() ? baseFromHead() : base);
    checkVersion();

    refuseCovers();
    std::optional<LinkedTree> linked;
    if (!beside_.empty()) {
      progress_.step("check out the base beside your tree");
      linked.emplace(git_, beside_, start_);
      linked->owns(kBelow);
      linked->owns(submission_.branch);
      place_ = &linked->tree();
    }
    place_->read({"-c", kNoHooks, "checkout", "--quiet", "--no-track", "-b", kBelow, start_});
    for (const fs::path& needed : neededBy(directory)) commitNeeded(needed);
    submission_.base = place_->read({"rev-parse", "HEAD"});
    progress_.step(fmt::format("prepare {}", submission_.branch));
    b4({"prep", "-n", slugOf(tree_), "-f", "HEAD"}, {{"core.hooksPath", "/dev/null"}});
    place_->read({"branch", "--quiet", "-D", kBelow});
    for (const fs::path& patch : series.patches) commit(patch);
    progress_.step("write the cover letter and find its recipients");
    if (!cover.extraPrefix().empty()) b4({"prep", "--set-prefixes", cover.extraPrefix()});
    writeCover(cover);
    b4({"prep", "--auto-to-cc"});
    if (linked) linked->handOver(submission_.branch);
    return submission_;
  }

 private:
  void refuseBranches() const {
    for (const std::string& branch : {submission_.branch, std::string(kBelow)}) {
      if (!git_.hasBranch(branch)) continue;
      throw Failure(
          ExitStatus::usage,
          fmt::format("--git {0}: the branch {1} already exists, from another export. Continue "
                      "with it, or remove it: git -C {0} branch -D {1}",
                      git_.path().string(), branch));
    }
  }

  // b4 searches a year of history for its cover letter, and would take that of another series.
  void refuseCovers() const {
    const std::string cover =
        git_.read({"log", "-1", "--since=1.year", "--fixed-strings", "--grep",
                   "--- b4-submit-tracking ---", "--format=%h (\"%s\")", start_});
    if (cover.empty()) return;
    throw Failure(
        ExitStatus::usage,
        fmt::format("--git {}: the history of {} has a cover letter of b4, {}. Name a commit "
                    "before that with --base",
                    git_.path().string(), start_.substr(0, 12), cover));
  }

  // A long-term tree's patches fit only that tree; mainline's may well fit the next release.
  void checkVersion() const {
    const std::string version = git_.version(start_);
    if (version == tree_.version) return;
    const std::string said =
        fmt::format("the series of {} were made on Linux {}, and {} is {}", tree_.name,
                    baseOf(tree_.patches), git_.path().string(), version);
    if (tree_.patches.filename() != "mainline" && !adapts_) {
      throw Failure(ExitStatus::usage,
                    fmt::format("--git: {}. Name a commit of that release with --base, or another "
                                "tree with --tree; --tree auto takes the one that suits it best",
                                said));
    }
    progress_.note(said);
  }

  std::string baseFromHead() const {
    const std::string head = git_.head();
    if (!head.starts_with("b4/")) return "HEAD";
    throw Failure(ExitStatus::usage,
                  fmt::format("--git {}: {} is checked out, which b4 manages. Name the commit to "
                              "start at with --base, such as --base v{}",
                              git_.path().string(), head, tree_.version));
  }

  // Commits a series that this one needs, unless upstream has it already.
  void commitNeeded(const fs::path& directory) {
    const Series series = readSeries({directory});
    // Reverted one by one, since a later patch may have changed the lines of an earlier one.
    const bool there =
        std::all_of(series.patches.rbegin(), series.patches.rend(), [&](const fs::path& patch) {
          return place_->git({"apply", "--index", "--reverse", patch.string()}).exit.ok();
        });
    place_->read({"reset", "--quiet", "--hard"});
    if (there) return;
    for (const fs::path& patch : series.patches) commit(patch);
    submission_.needed.push_back(directory.filename().string());
  }

  void commit(const fs::path& file) {
    const StoredPatch patch = readPatch(file);
    progress_.step(fmt::format("commit {}", patch.subject));
    if (adapts_) {
      adapt(file);
    } else {
      const sys::Output applied = place_->git({"apply", "--index", file.string()});
      if (!applied.exit.ok()) throw conflict(file, applied.text);
    }
    const fs::path message = scratch_.path() / "message";
    writeFileAtomically(message, patch.subject + "\n\n" + patch.message + '\n');
    std::vector<std::string> arguments;
    for (const auto& [key, value] : identity()) {
      arguments.insert(arguments.end(), {"-c", fmt::format("{}={}", key, value)});
    }
    arguments.insert(arguments.end(), {"commit", "--quiet", "--signoff", "--cleanup=whitespace",
                                       "--file", message.string()});
    place_->read(std::move(arguments));
  }

  // Applies a patch as `run --apply` does.
  void adapt(const fs::path& file) const {
    const SeriesFit fit{{fitOf(file, place_->path())}};
    if (const std::string refusal = fit.refusal(); !refusal.empty()) throw conflict(file, refusal);
    applyPatch(fit.patches.front(), place_->path());
    std::vector<std::string> arguments = {"add", "--all", "--force", "--"};
    for (const std::string& touched : touchedFiles({file})) arguments.push_back(touched);
    place_->read(std::move(arguments));
    for (const std::string& line : fit.fuzzy()) progress_.note("review " + line);
    for (const std::string& line : fit.moved()) progress_.note(line);
  }

  // Author, committer and sign-off are the same, whatever else git is told about authors.
  Settings identity() const {
    const std::string& signer = submission_.signer;
    const auto bracket = signer.rfind(" <");
    const std::string name = signer.substr(0, bracket);
    const std::string address = signer.substr(bracket + 2, signer.size() - bracket - 3);
    return {{"author.name", name},
            {"author.email", address},
            {"committer.name", name},
            {"committer.email", address}};
  }

  Failure conflict(const fs::path& file, const std::string& why) const {
    return {ExitStatus::usage,
            fmt::format("{} does not apply to {} in {}:\n{}The series were made on Linux {}: name "
                        "a base close to it with --base, or rebase the series "
                        "(see MAINTAINERS-notes.md)",
                        file.string(), git_.read({"log", "-1", "--format=%h (\"%s\")", start_}),
                        git_.path().string(), why, baseOf(tree_.patches))};
  }

  void writeCover(const StoredPatch& cover) {
    const fs::path file = scratch_.path() / "cover";
    const std::string trailers = fmt::format(
        "{}Signed-off-by: {}\n", endsWithTrailers(cover.message) ? "" : "\n", submission_.signer);
    writeFileAtomically(file, cover.subject + "\n\n" + cover.message + '\n' + trailers);
    // b4 hands the letter to an editor; this one replaces its text.
    const std::string editor = "cp " + sys::shellWord(file.string());
    b4({"prep", "--edit-cover"}, {{"core.editor", editor}}, {{"GIT_EDITOR", editor}});
  }

  // Whether the last paragraph lists recipients, which the sign-off then joins.
  static bool endsWithTrailers(const std::string& message) {
    const auto begin = message.rfind("\n\n");
    if (begin == std::string::npos) return false;
    return message.compare(begin + 2, 4, "To: ") == 0 || message.compare(begin + 2, 4, "Cc: ") == 0;
  }

  void b4(std::vector<std::string> arguments, Settings settings = {},
          const std::map<std::string, std::string>& environment = {}) const {
    settings.emplace_back("b4.prep-cover-strategy", "commit");
    const Settings own = identity();
    settings.insert(settings.end(), own.begin(), own.end());
    runB4(*place_, std::move(arguments), settings, environment);
  }

  const Tree& tree_;
  const bool adapts_;
  const GitTree& git_;
  const fs::path beside_;
  const GitTree* place_;  // where the branch is made
  Progress& progress_;
  TemporaryDirectory scratch_;
  std::string start_;  // the commit that everything goes on, even the series that this one needs
  Submission submission_;
};

}  // namespace

void requireOneSeries(const Tree& tree) {
  if (tree.series.size() != 1) {
    std::vector<std::string> names;
    for (const fs::path& directory : tree.series) names.push_back(directory.filename().string());
    throw Failure(
        ExitStatus::usage,
        fmt::format("series export: only one series at a time; name it with --series, one "
                    "of {}",
                    fmt::join(names, ", ")));
  }
  findTool("b4");
}

Submission makeSubmission(const Tree& tree, const GitTree& git, const std::string& base,
                          const fs::path& beside, Progress& progress, bool adapts) {
  return Exporter(tree, git, beside, adapts, progress).run(base);
}

}  // namespace runner
