// SPDX-License-Identifier: GPL-2.0
#include "series/command.h"

#include <CLI/App.hpp>
#include <algorithm>

#include "runner/base/failure.h"
#include "runner/base/option_words.h"
#include "runner/cli/commands.h"
#include "runner/kernels/tree_list.h"
#include "series/check/command.h"
#include "series/export/command.h"
#include "series/export/submission.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

std::vector<Tree> treesNamed(const std::string& text, const Trees& trees) {
  std::vector<Tree> chosen;
  for (const NamedTree& named : chooseTrees(text.empty() ? "all" : text, trees)) {
    chosen.push_back(trees.named(named.name));
  }
  return chosen;
}

// With the series that they go on top of.
std::vector<std::string> withNeeded(const Tree& tree, std::vector<std::string> series) {
  for (const fs::path& folder : tree.series) {
    if (std::find(series.begin(), series.end(), folder.filename()) == series.end()) continue;
    for (const fs::path& needed : neededBy(folder)) addOnce(series, needed.filename().string());
  }
  return series;
}

// The tree with what was asked for: its series together, and each of its tests alone.
void addTree(Tree tree, const std::vector<std::string>& names, std::vector<Tree>& chosen) {
  std::vector<std::string> series;
  std::vector<Tree> tests;
  for (const std::string& name : names) {
    if (const std::optional<Tree> test = tree.withTest(name)) {
      tests.push_back(*test);
    } else {
      series.push_back(name);
    }
  }
  if (names.empty() || !series.empty()) {
    tree.keepSeries(series);
    chosen.push_back(std::move(tree));
  }
  chosen.insert(chosen.end(), tests.begin(), tests.end());
}

bool has(const Tree& tree, const std::string& name) {
  return tree.withTest(name) ||
         std::any_of(tree.series.begin(), tree.series.end(),
                     [&](const fs::path& folder) { return folder.filename() == name; });
}

// Of these names those that the tree has, and those that none has, to be refused.
std::vector<std::string> namesFor(const Tree& tree, std::vector<std::string> names,
                                  const Trees& trees) {
  std::erase_if(names, [&](const std::string& name) {
    const bool known = std::any_of(trees.all.begin(), trees.all.end(),
                                   [&](const Tree& any) { return has(any, name); });
    return known && !has(tree, name);
  });
  return names;
}

std::vector<Tree> chosenTrees(const SeriesOptions& options, const Trees& trees, bool check) {
  std::vector<std::string> asked;
  if (!options.with.empty()) asked = splitAtCommas(options.with);
  std::vector<Tree> chosen;
  for (const Tree& tree : treesNamed(options.trees, trees)) {
    if (!asked.empty()) {
      // Whoever names no tree means those that have it.
      const bool any_tree = check && options.trees.empty();
      const auto names = any_tree ? namesFor(tree, asked, trees) : asked;
      if (!names.empty()) addTree(tree, check ? withNeeded(tree, names) : names, chosen);
      continue;
    }
    addTree(tree, {}, chosen);
    for (const auto& test : tree.tests) {
      if (check) addTree(tree, {test.filename().string()}, chosen);
    }
  }
  return chosen;
}

void addSeriesNames(CLI::App& command, SeriesOptions& options) {
  addText(command,
          {"--series,--with", "SERIES,...", "only these series of the tree (default: all)"},
          options.with);
}

void offerCheck(CLI::App& command, SeriesOptions& options) {
  addText(command,
          {"--tree", "TREE,...", "some of our trees (default: all except those of distributions)"},
          options.trees);
  addSeriesNames(command, options);
  addText(command, {"--only", "CHECK,...", "run only these checks (default: all)"}, options.only);
}

int check(const SeriesOptions& options, const Project& project) {
  return checkSeries(options, chosenTrees(options, loadTrees(project.root), true), project);
}

void offerExport(CLI::App& command, SeriesOptions& options) {
  addText(command, {"--tree", "TREE", "the tree whose series to export"}, options.trees)
      ->required();
  addSeriesNames(command, options);
  CLI::Option* git = addPath(
      command, {"--git", "DIR", "your own git tree of the kernel; creates a branch for b4 there"},
      options.git);
  addText(command, {"--base", "COMMIT", "the commit to start the branch at (default: HEAD)"},
          options.base)
      ->needs(git);
  CLI::Option* to = addPath(
      command,
      {"--to", "DIR", "write the mails that b4 would send there; without --git, from a new tree"},
      options.to);
  addPath(command, {"--debian", "DIR", "add DEP-3 patches to debian/patches of a source package"},
          options.debian)
      ->excludes(git)
      ->excludes(to);
  command.parse_complete_callback([&] {
    const bool target = !options.git.empty() || !options.to.empty() || !options.debian.empty();
    if (target || options.trees.empty() || command.remaining_size() != 0) return;
    throw Failure(ExitStatus::usage,
                  "export needs a destination: --git DIR, your own git tree of the kernel; --to "
                  "DIR, for mails; or --debian DIR, debian/patches of a source package");
  });
}

int exportChosen(const SeriesOptions& options, const Project& project) {
  return exportSeries(options, chosenTrees(options, loadTrees(project.root), false));
}

void offerTree(CLI::App& command, SeriesOptions& options) {
  addText(command, {"--tree", "TREE", "the tree whose newest release to take (default: mainline)"},
          options.trees);
  addPath(command, {"DIR", "", "the directory to create"}, options.folder)->required();
}

int tree(const SeriesOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  return makeTree(options, trees.named(options.trees.empty() ? trees.default_name : options.trees));
}

constexpr const char* kCheckDetails = R"(Each patch is checked together with those before it:
  applies      to the newest release; a hunk with fuzz or a conflict is named
  checkpatch   checkpatch.pl --strict
  built-in, module, off, 32-bit
               a kernel with overlayfs configured so builds with W=1 without a new warning
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

constexpr const char* kExportDetails =
    R"(For a mailing list, one series at a time is written, signed off by your git identity. Nothing is
sent. For Debian, the patches go into bugfix/all/ovl-syncfs and to the end of the file `series`;
they replace those of an earlier export.

Examples:
  ovl-syncfs series export --tree mainline --series a-syncfs --git ~/linux --to /tmp/mails
  ovl-syncfs series export --tree debian-6.1 --debian ~/linux-6.1/debian/patches)";

constexpr const char* kTreeDetails =
    R"(For users without a git tree of the kernel: one commit and a tag, without history. To send a patch,
create it on a maintainer's tree.)";

}  // namespace

Command<SeriesOptions> checkCommand() {
  return {"check", "check whether each patch can be sent", kCheckDetails, offerCheck, check};
}

Command<SeriesOptions> exportCommand() {
  return {"export", "write a series for a mailing list or a package", kExportDetails, offerExport,
          exportChosen};
}

Command<SeriesOptions> treeCommand() {
  return {"tree", "create a git tree of a release", kTreeDetails, offerTree, tree};
}

CommandLine seriesCommandLine() {
  CommandLine line("ovl-syncfs series", "Checks and exports the kernel series.\n", "", true);
  line.add(checkCommand());
  line.add(exportCommand());
  line.add(treeCommand());
  line.addPrinter("man", "print the manual page", manualPage);
  line.addPrinter("completion", "print the completion script for bash", bashCompletion);
  return line;
}

}  // namespace runner
