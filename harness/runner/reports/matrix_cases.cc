// SPDX-License-Identifier: GPL-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "runner/base/words.h"
#include "runner/reports/case_rows.h"
#include "runner/reports/cells.h"
#include "runner/reports/columns.h"
#include "runner/reports/grouped.h"
#include "runner/reports/matrix_grid.h"
#include "runner/results/outcomes.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

using ByFilesystem = std::vector<std::pair<std::string, Outcome>>;  // in the order of the results
using ByTree = std::map<std::size_t, ByFilesystem>;  // by its place in MatrixResults::trees
using Row = CaseRow<ByTree>;

std::vector<Row> rowsOf(const MatrixResults& matrix) {
  CaseRows<ByTree> rows;
  for (std::size_t tree = 0; tree < matrix.trees.size(); ++tree) {
    for (const CaseOutcome& each : outcomesOf(matrix.trees[tree].results)) {
      rows.at(each.name, each.subject)[tree].emplace_back(each.filesystem, each.outcome);
    }
  }
  return rows.merged([](const ByTree& one, const ByTree& other) { return one == other; });
}

Cell cellFor(const Outcome& outcome, const Style& style) {
  if (!outcome.proof) return {cellOf(outcome.verdict(), style), toneOf(outcome.verdict())};
  const bool skipped = *outcome.proof == Proof::unknown && outcome.on == Verdict::skip;
  return {std::string(skipped ? nameOf(Verdict::skip) : nameOf(*outcome.proof)),
          toneOf(*outcome.proof)};
}

bool agree(const ByFilesystem& outcomes, const Style& style) {
  return std::all_of(outcomes.begin(), outcomes.end(), [&](const auto& each) {
    return cellFor(each.second, style).text == cellFor(outcomes.begin()->second, style).text;
  });
}

// Over all filesystems of one tree.
Cell cellFor(const ByFilesystem& outcomes, const Style& style) {
  if (outcomes.empty()) return {};
  if (agree(outcomes, style)) return cellFor(outcomes.begin()->second, style);
  Proof least = Proof::proves;
  WorstVerdict worst;
  for (const auto& [filesystem, outcome] : outcomes) {
    least = std::max(least, outcome.proof.value_or(Proof::proves));
    worst.add(outcome.verdict());
  }
  if (!outcomes.begin()->second.proof) return {worst.cell(style), worst.tone()};
  return {least == Proof::fails ? std::string(nameOf(least)) : "differs", toneOf(least)};
}

// "proves on ext4, xfs; guards on btrfs"
std::string inWords(const ByFilesystem& outcomes, const Style& style) {
  Grouped words;
  for (const auto& [filesystem, outcome] : outcomes) {
    words.add(cellFor(outcome, style).text, filesystem);
  }
  std::string text;
  for (const auto& [word, filesystems] : words) {
    text += fmt::format("{}{} on {}", text.empty() ? "" : "; ", word, listed(filesystems));
  }
  return text;
}

std::vector<std::size_t> treesWithKernels(const MatrixResults& matrix) {
  std::vector<std::size_t> trees;
  for (std::size_t i = 0; i < matrix.trees.size(); ++i) {
    if (!matrix.trees[i].results.failure) trees.push_back(i);
  }
  return trees;
}

}  // namespace

std::string caseGrid(const MatrixResults& matrix, const Style& style) {
  constexpr std::size_t kLongestTitle = 16;
  const std::vector<std::size_t> trees = treesWithKernels(matrix);
  const std::vector<Row> rows = rowsOf(matrix);
  std::vector<std::string> headings;
  for (const std::size_t tree : trees) {
    headings.push_back(truncate(matrix.trees[tree].title, kLongestTitle, style));
  }
  Columns columns(std::move(headings));
  std::vector<std::vector<Cell>> cells;
  for (const Row& row : rows) {
    std::vector<Cell> of_row;
    for (const std::size_t tree : trees) {
      const auto found = row.outcome.find(tree);
      of_row.push_back(found == row.outcome.end() ? Cell() : cellFor(found->second, style));
    }
    columns.fit(of_row);
    cells.push_back(std::move(of_row));
  }
  const CaseLabels labels(rows, columns.total(), style);
  if (rows.empty()) return "";
  std::string grid = columns.heading(labels.columns(), style);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    grid += columns.row(labels.label(rows[i].name, rows[i].subjects), cells[i], style);
  }
  return grid;
}

std::vector<std::string> differences(const MatrixResults& matrix, const Style& style) {
  const std::size_t judged = treesWithKernels(matrix).size();
  std::vector<std::string> texts;
  for (const Row& row : rowsOf(matrix)) {
    Grouped ways;
    for (const auto& [tree, outcomes] : row.outcome) {
      if (!agree(outcomes, style)) ways.add(inWords(outcomes, style), matrix.trees[tree].title);
    }
    for (const auto& [way, trees] : ways) {
      texts.push_back(fmt::format("{} on {}: {}{}", row.name, listed(row.subjects), way,
                                  trees.size() == judged ? "" : " (" + listed(trees) + ')'));
    }
  }
  return texts;
}

}  // namespace runner
