// SPDX-License-Identifier: GPL-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "runner/base/option_words.h"
#include "runner/reports/cells.h"
#include "runner/reports/columns.h"
#include "runner/reports/matrix_grid.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// A column of the overview: one machine of each tree.
struct Side {
  std::string filesystem;
  bool compared = false;  // beside one of the other side
  bool series_on = false;

  bool has(const MachineResult& machine) const {
    return machine.filesystem == filesystem && (!compared || machine.series_on == series_on);
  }
  std::string heading() const {
    if (!compared) return filesystem;
    return filesystem + (series_on ? " on" : " off");
  }
};

std::vector<Side> sidesOf(const MatrixResults& matrix) {
  std::vector<std::string> filesystems;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    for (const std::string& name : filesystemsOf(tree.results)) addOnce(filesystems, name);
  }
  std::vector<Side> sides;
  for (const std::string& name : filesystems) {
    if (comparesSides(matrix)) {
      sides.push_back({name, true, false});
      sides.push_back({name, true, true});
    } else {
      sides.push_back({name});
    }
  }
  return sides;
}

// "A" of "A12".
std::string groupOf(const std::string& requirement) {
  return requirement.substr(0, requirement.find_first_of("0123456789"));
}

// "A 19/20 V 1/6"; groups in which all is well are left out.
std::string failing(const std::map<std::string, WorstVerdict>& requirements) {
  struct Count {
    std::size_t bad = 0, all = 0;
  };
  std::map<std::string, Count> groups;
  for (const auto& [requirement, worst] : requirements) {
    Count& count = groups[groupOf(requirement)];
    ++count.all;
    if (isBad(worst.verdict())) ++count.bad;
  }
  std::string text;
  for (const auto& [group, count] : groups) {
    if (count.bad == 0) continue;
    text += fmt::format("{}{} {}/{}", text.empty() ? "" : " ", group, count.bad, count.all);
  }
  return text;
}

Cell cellFor(const RunResults& results, const Side& side, const Style& style) {
  std::map<std::string, WorstVerdict> requirements;
  WorstVerdict all;
  bool is_there = false;
  for (const MachineResult& machine : results.machines) {
    if (!side.has(machine)) continue;
    is_there = true;
    if (isBad(machine.verdict)) all.add(machine.verdict);
    for (const CaseResult& result : machine.cases) {
      requirements[result.requirement].add(result.verdict);
      all.add(result.verdict);
    }
  }
  if (!is_there) return {};
  // What befell a machine says more than the number of cases that it took along.
  const bool of_cases = all.verdict() == Verdict::fail || all.verdict() == Verdict::xpass;
  return {of_cases ? failing(requirements) : all.cell(style), all.tone()};
}

// What the counts are, if there are any.
std::string legend(const std::vector<std::vector<Cell>>& rows, const Style& style) {
  const bool any = std::any_of(rows.begin(), rows.end(), [](const std::vector<Cell>& cells) {
    return std::any_of(cells.begin(), cells.end(),
                       [](const Cell& cell) { return cell.text.find('/') != std::string::npos; });
  });
  if (!any) return "";
  std::string text;
  for (const std::string& line :
       wrap("A 2/20: 2 of the 20 requirements A1, A2 and so on have a case that does not pass",
            style.width)) {
    text += paint(line, Tone::faint, style) + '\n';
  }
  return text;
}

}  // namespace

bool comparesSides(const MatrixResults& matrix) {
  return std::any_of(matrix.trees.begin(), matrix.trees.end(), [](const MatrixResults::Tree& tree) {
    return tree.results.kernels.size() == 2;
  });
}

std::string overviewGrid(const MatrixResults& matrix, const Style& style) {
  const std::vector<Side> sides = sidesOf(matrix);
  std::vector<std::string> headings;
  for (const Side& side : sides) headings.push_back(side.heading());
  Columns columns(std::move(headings));
  std::vector<std::vector<Cell>> rows;
  std::size_t longest = 0;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    std::vector<Cell> cells;
    for (const Side& side : sides) cells.push_back(cellFor(tree.results, side, style));
    columns.fit(cells);
    rows.push_back(std::move(cells));
    longest = std::max(longest, columnsOf(tree.title));
  }
  const std::size_t room = style.width - std::min(style.width, columns.total());
  const std::size_t label = std::min(longest, std::max<std::size_t>(room, 10));
  std::string grid = columns.heading(label, style);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const MatrixResults::Tree& tree = matrix.trees[i];
    const std::string title = pad(truncate(tree.title, label, style), label);
    if (tree.results.failure) {
      grid += title + "  " + paint(inWords(*tree.results.failure), Tone::bad, style) + '\n';
    } else {
      grid += columns.row(title, rows[i], style);
    }
  }
  return grid + legend(rows, style);
}

}  // namespace runner
