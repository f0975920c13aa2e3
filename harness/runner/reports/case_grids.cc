// SPDX-License-Identifier: GPL-2.0-only
// Cases as the rows of a grid, each with the subjects that have the same outcome.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "runner/base/words.h"
#include "runner/reports/grids.h"
#include "runner/reports/grouped.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

using ByFilesystem = std::vector<std::pair<std::string, Outcome>>;  // in the order of the results
using ByTree = std::map<const TreeResults*, ByFilesystem>;

struct CaseRow {
  std::string name;
  std::vector<std::string> subjects;
  ByTree outcomes;
};

// In the order in which cases and subjects first occur in the results.
std::vector<CaseRow> rowsOf(const Results& results) {
  std::vector<CaseRow> all;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const TreeResults& tree : results.trees) {
    for (const CaseOutcome& each : outcomesOf(tree)) {
      const auto [place, is_new] = places.try_emplace({each.name, each.subject}, all.size());
      if (is_new) all.push_back({each.name, {each.subject}, {}});
      all[place->second].outcomes[&tree].emplace_back(each.filesystem, each);
    }
  }
  std::vector<CaseRow> rows;
  for (CaseRow& row : all) {
    const auto same = std::ranges::find_if(rows, [&](const CaseRow& other) {
      return other.name == row.name && other.outcomes == row.outcomes;
    });
    if (same == rows.end()) {
      rows.push_back(std::move(row));
    } else {
      same->subjects.push_back(row.subjects.front());
    }
  }
  return rows;
}

// A grid of cases, without its rows.
Grid emptyGrid() {
  return {.label_gap = 1, .least = 20};
}

// A list of all three subjects would only take up space.
std::vector<std::string> labelsOf(const CaseRow& row) {
  return {row.name, row.subjects.size() > 2 ? "all of them" : listed(row.subjects)};
}

Cell cellOf(Proof proof) {
  return {std::string(nameOf(proof)), toneOf(proof)};
}

Cell cellFor(const Outcome& outcome, const Style& style) {
  if (!outcome.proof) return cellOf(outcome.verdict(), style);
  Cell cell = cellOf(*outcome.proof);
  if (outcome.proof == Proof::unknown && outcome.on == Verdict::skip) {
    cell.text = nameOf(Verdict::skip);
  }
  return cell;
}

bool agree(const ByFilesystem& outcomes, const Style& style) {
  return std::ranges::all_of(outcomes, [&](const auto& each) {
    return cellFor(each.second, style).text == cellFor(outcomes.front().second, style).text;
  });
}

Proof leastOf(const ByFilesystem& outcomes) {
  Proof least = Proof::proves;
  for (const auto& [filesystem, outcome] : outcomes) {
    least = std::max(least, outcome.proof.value_or(Proof::proves));
  }
  return least;
}

// Over all filesystems of one tree.
Cell cellFor(const ByFilesystem& outcomes, const Style& style) {
  if (agree(outcomes, style)) return cellFor(outcomes.front().second, style);
  if (outcomes.front().second.proof) {
    Cell cell = cellOf(leastOf(outcomes));
    if (leastOf(outcomes) != Proof::fails) cell.text = "differs";
    return cell;
  }
  WorstVerdict worst;
  for (const auto& [filesystem, outcome] : outcomes) worst.add(outcome.verdict());
  return worst.cell(style);
}

// "proves on ext4, xfs; guards on btrfs"
std::string inWords(const ByFilesystem& outcomes, const Style& style) {
  Grouped words;
  for (const auto& [filesystem, outcome] : outcomes) {
    words.add(cellFor(outcome, style).text, filesystem);
  }
  std::vector<std::string> texts;
  for (const auto& [word, filesystems] : words) {
    texts.push_back(fmt::format("{} on {}", word, listed(filesystems)));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::vector<const TreeResults*> treesWithKernels(const Results& results) {
  std::vector<const TreeResults*> trees;
  for (const TreeResults& tree : results.trees) {
    if (!tree.failure) trees.push_back(&tree);
  }
  return trees;
}

}  // namespace

std::string comparisonGrid(const Results& results, const Style& style) {
  const TreeResults& tree = results.trees.front();
  const auto filesystems = distinct(tree.machines, &MachineResult::filesystem);
  Grid grid = emptyGrid();
  grid.remark_columns = 9;  // "  unknown"
  std::size_t width = 4;    // of all cells, at least: "FAIL"
  for (const CaseRow& each : rowsOf(results)) {
    Grid::Row row{.labels = labelsOf(each)};
    const ByFilesystem& outcomes = each.outcomes.at(&tree);
    for (const std::string& name : filesystems) {
      const auto found = std::ranges::find(outcomes, name, &ByFilesystem::value_type::first);
      const bool there = found != outcomes.end();
      for (const auto side : {&Outcome::off, &Outcome::on}) {
        row.cells.push_back(there ? cellOf(*(found->second.*side), style) : Cell());
        width = std::max(width, columnsOf(row.cells.back().text));
      }
    }
    row.remark = cellOf(leastOf(outcomes));
    const bool same = std::ranges::all_of(outcomes, [&](const auto& outcome) {
      return outcome.second.proof == outcomes.front().second.proof;
    });
    if (!same) row.remark.text = "differs";
    grid.rows.push_back(std::move(row));
  }
  for (const std::string& name : filesystems) {
    grid.columns.push_back({.heading = "off", .group = name, .width = width});
    grid.columns.push_back({.heading = "on", .group = name, .width = width, .gap = 1});
  }
  return grid.text(style);
}

std::string caseGrid(const Results& results, const Style& style) {
  constexpr std::size_t kLongestTitle = 16;
  const auto trees = treesWithKernels(results);
  Grid grid = emptyGrid();
  for (const TreeResults* tree : trees) {
    grid.columns.push_back({truncate(tree->title, kLongestTitle, style)});
  }
  for (const CaseRow& each : rowsOf(results)) {
    Grid::Row row{.labels = labelsOf(each)};
    for (const TreeResults* tree : trees) {
      const auto found = each.outcomes.find(tree);
      row.cells.push_back(found == each.outcomes.end() ? Cell() : cellFor(found->second, style));
    }
    grid.rows.push_back(std::move(row));
  }
  return grid.rows.empty() ? "" : grid.text(style);
}

std::vector<std::string> differences(const Results& results, const Style& style) {
  const std::size_t judged = treesWithKernels(results).size();
  std::vector<std::string> texts;
  for (const CaseRow& row : rowsOf(results)) {
    Grouped ways;
    for (const auto& [tree, outcomes] : row.outcomes) {
      if (!agree(outcomes, style)) ways.add(inWords(outcomes, style), tree->title);
    }
    for (const auto& [way, trees] : ways) {
      texts.push_back(fmt::format("{} on {}: {}{}", row.name, listed(row.subjects), way,
                                  trees.size() == judged ? "" : " (" + listed(trees) + ')'));
    }
  }
  return texts;
}

}  // namespace runner
