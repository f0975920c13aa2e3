// SPDX-License-Identifier: GPL-2.0-only
#include "series/command.h"

#include <algorithm>

#include "runner/base/words.h"
#include "runner/cli/commands.h"
#include "runner/kernels/trees.h"
#include "series/stored_patch.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

std::string nameOf(const fs::path& series) {
  return series.filename().string();
}

bool has(const Tree& tree, const std::string& name) {
  return tree.applies(name) || std::ranges::count(tree.drafts, name, nameOf) != 0 ||
         tree.withTest(name);
}

// The tree with the requested series together, and each of its tests alone. needed: also the series
// that they build on.
void addTree(Tree tree, const std::vector<std::string>& names, bool needed,
             std::vector<Tree>& chosen) {
  std::vector<std::string> series;
  std::vector<Tree> tests;
  for (const std::string& name : names) {
    if (const std::optional<Tree> test = tree.withTest(name)) {
      tests.push_back(*test);
    } else {
      series.push_back(name);
    }
  }
  for (const auto* directories : {&tree.series, &tree.drafts}) {
    for (const fs::path& directory : *directories) {
      if (!needed || std::ranges::count(series, nameOf(directory)) == 0) continue;
      for (const fs::path& below : neededBy(directory)) addOnce(series, nameOf(below));
    }
  }
  if (names.empty() || !series.empty()) {
    tree.keepSeries(series);
    chosen.push_back(std::move(tree));
  }
  chosen.insert(chosen.end(), tests.begin(), tests.end());
}

}  // namespace

std::vector<Tree> chosenTrees(const SeriesOptions& options, const Project& project, bool check) {
  const Trees trees = loadTrees(project.root);
  std::vector<Tree> chosen;
  for (const auto& named : chooseTrees(options.trees.empty() ? "all" : options.trees, trees)) {
    const Tree& tree = trees.named(named.name);
    std::vector<std::string> names;
    if (!options.with.empty()) {
      names = splitAtCommas(options.with);
      // Without --tree, all trees that have the series are meant. A series that no tree has is
      // refused.
      std::erase_if(names, [&](const std::string& name) {
        return check && options.trees.empty() && !has(tree, name) &&
               std::ranges::any_of(trees.all, [&](const Tree& any) { return has(any, name); });
      });
      if (names.empty()) continue;
    }
    addTree(tree, names, check, chosen);
    if (!check || !options.with.empty()) continue;
    for (const auto* directories : {&tree.drafts, &tree.tests}) {
      for (const fs::path& alone : *directories) addTree(tree, {nameOf(alone)}, check, chosen);
    }
  }
  return chosen;
}

void addSeriesNames(CLI::App& command, SeriesOptions& options) {
  addText(command,
          {"--series,--with", "SERIES,...", "only these series of the tree (default: all)"},
          options.with);
}

CommandLine seriesCommandLine() {
  CommandLine line("ovl-syncfs series", "Checks and exports the kernel series.\n", kExitStatus,
                   true);
  line.add(checkCommand());
  line.add(exportCommand());
  line.add(treeCommand());
  line.addPrinter("man", "print the manual page", manualPage);
  line.addPrinter("completion", "print the completion script for bash", bashCompletion);
  return line;
}

}  // namespace runner
