// SPDX-License-Identifier: GPL-2.0
#include <algorithm>
#include <map>

#include "runner/reports/case_rows.h"
#include "runner/reports/cells.h"
#include "runner/reports/grid.h"
#include "runner/results/comparison.h"

namespace runner {
namespace {

constexpr std::size_t kCell = 4;  // columns of one verdict, at least: "FAIL"

using ByFilesystem = std::map<std::string, ComparedCase>;
using Row = CaseRow<ByFilesystem>;

bool sameVerdicts(const ByFilesystem& one, const ByFilesystem& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.off == b.second.off &&
                             a.second.on == b.second.on && a.second.proof == b.second.proof;
                    });
}

std::vector<Row> rowsOf(const RunResults& results) {
  CaseRows<ByFilesystem> rows;
  for (const ComparedCase& each : compare(results)) {
    rows.at(each.name, each.subject).emplace(each.filesystem, each);
  }
  return rows.merged(sameVerdicts);
}

std::size_t cellWidth(const std::vector<Row>& rows, const Style& style) {
  std::size_t width = kCell;
  for (const Row& row : rows) {
    for (const auto& [filesystem, compared] : row.outcome) {
      width = std::max(
          {width, columnsOf(cellOf(compared.off, style)), columnsOf(cellOf(compared.on, style))});
    }
  }
  return width;
}

// What the row says about the series; "differs" when the filesystems do not agree.
std::string_view wordFor(const ByFilesystem& outcome, Tone& tone) {
  Proof least = Proof::proves;
  bool differs = false;
  for (const auto& [filesystem, compared] : outcome) {
    differs |= compared.proof != outcome.begin()->second.proof;
    least = std::max(least, compared.proof);
  }
  tone = toneOf(least);
  return differs ? "differs" : nameOf(least);
}

}  // namespace

std::string comparisonGrid(const RunResults& results, const Style& style) {
  const std::vector<std::string> filesystems = filesystemsOf(results);
  const std::vector<Row> rows = rowsOf(results);
  const std::size_t cell = cellWidth(rows, style);
  const std::size_t pair = 2 * cell + 1;
  constexpr std::size_t kWord = 9;  // "  unknown"
  const CaseLabels labels(rows, filesystems.size() * (pair + 2) + kWord, style);

  std::string names(labels.columns(), ' ');
  std::string sides = names;
  for (const std::string& filesystem : filesystems) {
    names += "  " + centered(filesystem, pair);
    sides += "  " + centered("off", cell) + ' ' + centered("on", cell);
  }
  std::string grid =
      paint(names, Tone::strong, style) + '\n' + paint(sides, Tone::faint, style) + '\n';
  for (const Row& row : rows) {
    grid += labels.label(row.name, row.subjects);
    for (const std::string& filesystem : filesystems) {
      const auto found = row.outcome.find(filesystem);
      grid += "  ";
      if (found == row.outcome.end()) {
        grid.append(pair, ' ');
        continue;
      }
      const ComparedCase& compared = found->second;
      grid += paint(centered(cellOf(compared.off, style), cell), toneOf(compared.off), style) +
              ' ' + paint(centered(cellOf(compared.on, style), cell), toneOf(compared.on), style);
    }
    Tone tone = Tone::plain;
    const std::string_view word = wordFor(row.outcome, tone);
    grid += "  ";
    grid += paint(word, tone, style);
    grid += '\n';
  }
  return grid;
}

}  // namespace runner
