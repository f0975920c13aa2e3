// SPDX-License-Identifier: GPL-2.0
#include <fmt/format.h>

#include <chrono>

#include "runner/commands/commands.h"
#include "runner/output.h"
#include "runner/series/check.h"
#include "runner/series/debian.h"
#include "runner/terminal_progress.h"
#include "runner/tree_list.h"

namespace runner {
namespace {

std::vector<Tree> treesNamed(const std::string& text, const Trees& trees) {
  if (text.empty()) return trees.all;
  std::vector<Tree> chosen;
  for (const NamedTree& named : chooseTrees(text, trees)) {
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

TreeFit tryTree(const Tree& tree, const Cache& cache, Progress& progress) {
  try {
    const CacheLock held = cache.lock(tree.name, [&] {
      progress.note(fmt::format("another run is making {}: waiting until it is done", tree.name));
    });
    const Source source = availableSource(tree, cache, progress);
    return fitOfTree(tree, source, cache, progress);
  } catch (const Failure& failure) {
    if (failure.status() == ExitStatus::usage) throw;
    // The others are looked at all the same.
    TreeFit fit;
    fit.tree = tree.name;
    fit.failure = failure.what();
    fit.status = failure.status();
    return fit;
  }
}

int check(const SeriesOptions& options, const Trees& trees) {
  const std::vector<Tree> chosen = chosenTrees(options, trees);
  const Cache cache = Cache::open();
  Terminal terminal;
  std::vector<TreeFit> fits;
  {
    TerminalProgress progress(terminal);
    for (const Tree& tree : chosen) fits.push_back(tryTree(tree, cache, progress));
  }
  print(fitTable(fits));
  return static_cast<int>(judge(fits));
}

int exportToDebian(const SeriesOptions& options, const Trees& trees) {
  const std::vector<Tree> chosen = chosenTrees(options, trees);
  if (chosen.size() != 1) {
    throw Failure(ExitStatus::usage, "series export: one tree at a time has its patches exported");
  }
  const Tree& tree = chosen.front();
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  for (const std::string& name :
       exportToDebian(readSeries(tree.series), tree.name, options.debian, today)) {
    print((options.debian / name).string() + '\n');
  }
  return 0;
}

}  // namespace

int series(const SeriesOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  return options.command == SeriesOptions::Command::check ? check(options, trees)
                                                          : exportToDebian(options, trees);
}

}  // namespace runner
