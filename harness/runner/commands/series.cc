// SPDX-License-Identifier: GPL-2.0
#include "runner/commands/commands.h"
#include "runner/commands/series_check.h"
#include "runner/commands/series_export.h"
#include "runner/report/text.h"
#include "runner/tree_list.h"

namespace runner {
namespace {

std::vector<Tree> treesNamed(const std::string& text, const Trees& trees) {
  std::vector<Tree> chosen;
  for (const NamedTree& named : chooseTrees(text.empty() ? "all" : text, trees)) {
    chosen.push_back(trees.named(named.name));
  }
  return chosen;
}

// Those, with only the series that were asked for.
std::vector<Tree> chosenTrees(const SeriesOptions& options, const Trees& trees) {
  std::vector<Tree> chosen = treesNamed(options.trees, trees);
  if (options.with.empty()) return chosen;
  for (Tree& tree : chosen) tree.keepSeries(splitAtCommas(options.with));
  return chosen;
}

}  // namespace

int series(const SeriesOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  const std::vector<Tree> chosen = chosenTrees(options, trees);
  return options.command == SeriesOptions::Command::check ? checkSeries(options, chosen, project)
                                                          : exportSeries(options, chosen);
}

}  // namespace runner
