// SPDX-License-Identifier: GPL-2.0
#include "series/check/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "runner/base/disk_space.h"
#include "runner/base/style.h"
#include "runner/kernels/series.h"
#include "runner/kernels/unpacked_source.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

struct Count {
  std::size_t hunks = 0, moved = 0, fuzzy = 0, conflicting = 0;
};

Count countOf(const TreeFit& fit) {
  Count count;
  for (const PatchFit& patch : fit.patches) {
    for (const HunkFit& hunk : patch.hunks) {
      ++count.hunks;
      count.moved += hunk.fit != Fit::conflict && hunk.moved != 0 ? 1 : 0;
      count.fuzzy += hunk.fit == Fit::fuzz ? 1 : 0;
      count.conflicting += hunk.fit == Fit::conflict ? 1 : 0;
    }
  }
  return count;
}

std::string verdictOf(const TreeFit& fit) {
  if (!fit.failure.empty()) return "not looked at";
  const Count count = countOf(fit);
  std::string text(nameOf(fit.worst()));
  if (fit.worst() == Fit::conflict) {
    return text + " in " + fit.patches.back().patch.filename().string();
  }
  if (count.fuzzy != 0) text += fmt::format(" in {} of {} hunks", count.fuzzy, count.hunks);
  if (count.moved != 0) text += fmt::format(", {} of {} hunks moved", count.moved, count.hunks);
  return text;
}

// What somebody has to look at.
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
  TreeFit fit;
  fit.tree = tree.name;
  fit.series = series.description();
  fit.release = source.release;
  fit.base = baseOf(tree.patches);
  progress.step(fmt::format("try {} on linux {}", series.label(), source.release));
  const TemporaryFolder scratch(cache.folder("series"));
  const fs::path files = scratch.path() / "tree";
  std::error_code error;
  fs::create_directories(files, error);
  if (error) throw writeFailure(files, error.value());
  takeFiles(touchedFiles(series.patches), tree.name, source, cache, files, progress);
  for (const fs::path& patch : series.patches) {
    fit.patches.push_back(fitOf(patch, files));
    if (fit.worst() == Fit::conflict) break;
    applyPatch(fit.patches.back(), files);
  }
  return fit;
}

std::string fitTable(const std::vector<TreeFit>& fits) {
  struct Row {
    std::string tree, release, base, series, verdict;
  };
  std::vector<Row> rows = {{"tree", "release", "made on", "series", ""}};
  for (const TreeFit& fit : fits) {
    rows.push_back({fit.tree, fit.release, fit.base, fit.series, verdictOf(fit)});
  }
  const auto widest = [&](std::string Row::*column) {
    std::size_t width = 0;
    for (const Row& row : rows) width = std::max(width, columnsOf(row.*column));
    return width;
  };
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::string Row::*column : {&Row::tree, &Row::release, &Row::base, &Row::series}) {
      line += pad(row.*column, widest(column)) + "  ";
    }
    line += row.verdict;
    text += line.erase(line.find_last_not_of(' ') + 1) + '\n';
  }
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
