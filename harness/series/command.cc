// SPDX-License-Identifier: GPL-2.0
#include "series/command.h"

#include <algorithm>

#include "runner/base/option_words.h"
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

std::vector<Tree> chosenTrees(const SeriesOptions& options, const Trees& trees) {
  const bool check = options.command == SeriesOptions::Command::check;
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

}  // namespace

int series(const SeriesOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  if (options.command == SeriesOptions::Command::makeTree) {
    return makeTree(options,
                    trees.named(options.trees.empty() ? trees.default_name : options.trees));
  }
  const std::vector<Tree> chosen = chosenTrees(options, trees);
  return options.command == SeriesOptions::Command::check ? checkSeries(options, chosen, project)
                                                          : exportSeries(options, chosen);
}

}  // namespace runner
