// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/fit.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/base/disk_space.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series.h"
#include "runner/reports/grid.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

std::string verdictOf(const TreeFit& fit) {
  if (!fit.failure.empty()) return "not checked";
  std::string text(nameOf(fit.worst()));
  if (fit.worst() == Fit::conflict) {
    return text + " in " + fit.patches.back().patch.filename().string();
  }
  std::size_t hunks = 0, moved = 0, fuzzy = 0;
  for (const PatchFit& patch : fit.patches) {
    hunks += patch.hunks.size();
    moved += std::ranges::count_if(patch.hunks, [](auto& hunk) { return hunk.moved != 0; });
    fuzzy += std::ranges::count(patch.hunks, Fit::fuzz, &HunkFit::fit);
  }
  if (fuzzy != 0) text += fmt::format(" in {} of {} hunks", fuzzy, hunks);
  if (moved != 0) text += fmt::format(", {} of {} hunks moved", moved, hunks);
  return text;
}

// What needs a review.
std::string details(const TreeFit& fit) {
  std::string text;
  if (!fit.failure.empty()) return fmt::format("\n{}: {}\n", fit.tree, fit.failure);
  for (const PatchFit& patch : fit.patches) {
    if (patch.worst() == Fit::clean) continue;
    text += fmt::format("\n{}: {}\n", fit.tree, patch.patch.string());
    for (const std::string& line : patch.complaints()) text += "  " + line + '\n';
    text += patch.rejects;
  }
  return text;
}

}  // namespace

Fit TreeFit::worst() const {
  Fit worst = Fit::clean;
  for (const PatchFit& patch : patches) worst = std::max(worst, patch.worst());
  return worst;
}

TreeFit fitOfTree(const Tree& tree, const Source& source, const Cache& cache, Progress& progress) {
  const Series series = readSeries(tree.series);
  TreeFit fit{tree.name, series.description(), source.release, baseOf(tree.patches)};
  progress.step(fmt::format("try {} on linux {}", series.label(), source.release));
  const TemporaryDirectory scratch(cache.directory("series"));
  const fs::path files = scratch.path() / "tree";
  makeDirectories(files);
  takeFiles(touchedFiles(series.patches), tree.name, source, cache, files, progress);
  for (const fs::path& patch : series.patches) {
    fit.patches.push_back(fitOf(patch, files));
    if (fit.worst() == Fit::conflict) break;
    applyPatch(fit.patches.back(), files);
  }
  return fit;
}

std::string fitTable(const std::vector<TreeFit>& fits) {
  Grid grid;
  grid.rows.push_back({.labels = {"tree", "release", "made on", "series", ""}});
  for (const TreeFit& fit : fits) {
    grid.rows.push_back({.labels = {fit.tree, fit.release, fit.base, fit.series, verdictOf(fit)}});
  }
  std::string text = grid.text(Style());
  for (const TreeFit& fit : fits) text += details(fit);
  return text;
}

ExitStatus judge(const std::vector<TreeFit>& fits) {
  ExitStatus worst = ExitStatus::pass;
  for (const TreeFit& fit : fits) {
    if (fit.worst() == Fit::conflict) return ExitStatus::build;
    if (!fit.failure.empty()) {
      worst = std::max(worst, fit.status);
    } else if (fit.worst() == Fit::fuzz && worst == ExitStatus::pass) {
      worst = ExitStatus::fail;
    }
  }
  return worst;
}

}  // namespace runner
