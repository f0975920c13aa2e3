// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "requirements/requirements.h"
#include "runner/reports/grids.h"
#include "runner/reports/summary.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// The bare filesystem is the oracle and always comes first.
std::size_t rankOf(std::string_view subject) {
  static constexpr std::array<std::string_view, 3> kOrder = {"plain", "overlay", "volatile"};
  return static_cast<std::size_t>(std::ranges::find(kOrder, subject) - kOrder.begin());
}

// A column of the overview: one machine of each tree.
struct Side {
  std::string filesystem;
  std::string_view side;  // empty if there is only one

  bool has(const MachineResult& machine) const {
    return machine.filesystem == filesystem && (side.empty() || machine.side() == side);
  }
};

std::vector<Side> sidesOf(const Results& results) {
  std::vector<std::string> filesystems;
  for (const TreeResults& tree : results.trees) {
    for (const MachineResult& machine : tree.machines) filesystems.push_back(machine.filesystem);
  }
  const bool both = std::ranges::any_of(results.trees, &TreeResults::comparesSides);
  std::vector<Side> sides;
  for (const std::string& name : distinct(filesystems)) {
    if (!both) sides.push_back({name, ""});
    if (both) sides.insert(sides.end(), {{name, "off"}, {name, "on"}});
  }
  return sides;
}

// "A 19/20 V 1/6"; groups that pass are left out.
std::string failing(const std::map<std::string, WorstVerdict>& requirements) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> groups;  // "A": bad ones, all
  for (const auto& [requirement, worst] : requirements) {
    auto& [bad, all] = groups[requirement.substr(0, requirement.find_first_of("0123456789"))];
    ++all;
    if (isBad(worst.verdict())) ++bad;
  }
  std::vector<std::string> words;
  for (const auto& [group, count] : groups) {
    if (count.first != 0) {
      words.push_back(fmt::format("{} {}/{}", group, count.first, count.second));
    }
  }
  return fmt::format("{}", fmt::join(words, " "));
}

Cell cellFor(const TreeResults& tree, const Side& side, const Style& style) {
  std::map<std::string, WorstVerdict> requirements;
  WorstVerdict all;
  bool is_there = false;
  for (const MachineResult& machine : tree.machines) {
    if (!side.has(machine)) continue;
    is_there = true;
    if (isBad(machine.verdict)) all.add(machine.verdict);
    for (const CaseResult& result : machine.cases) {
      requirements[result.requirement].add(result.verdict);
      all.add(result.verdict);
    }
  }
  if (!is_there) return {};
  Cell cell = all.cell(style);
  // For a panic and the like, the verdict says more than the number of cases.
  if (statusOf(all.verdict()) == ExitStatus::fail) cell.text = failing(requirements);
  return cell;
}

}  // namespace

std::string requirementGrid(const Results& results, const Style& style) {
  const TreeResults& tree = results.trees.front();
  std::map<std::array<std::string, 3>, WorstVerdict> worst;
  for (const CaseResult* each : tree.cases()) {
    worst[{each->requirement, each->subject, each->filesystem}].add(each->verdict);
  }
  std::vector<std::string> subjects = distinct(tree.cases(), &CaseResult::subject);
  std::ranges::stable_sort(subjects, {}, rankOf);
  const auto filesystems = distinct(tree.machines, &MachineResult::filesystem);

  Grid grid{.yielding = 1, .least = 20, .fills_width = true};
  for (const std::string& subject : subjects) {
    // A wider gap between subjects than between filesystems.
    for (const std::string& name : filesystems) {
      if (filesystems.size() == 1) {
        grid.columns.push_back({.heading = subject, .gap = 3});
      } else {
        const std::size_t gap = name == filesystems.front() ? 3 : 1;
        grid.columns.push_back({.heading = name, .group = subject, .gap = gap});
      }
    }
  }
  // A row that only the last filesystem has is at its place, too.
  std::vector<std::string> rows = distinct(tree.cases(), &CaseResult::requirement);
  std::ranges::stable_sort(rows, {}, [](const std::string& id) {
    const auto all = requirements::all();
    return std::ranges::find(all, id, &requirements::Requirement::id) - all.begin();
  });
  for (const std::string& requirement : rows) {
    Grid::Row row{.labels = {requirement, results.wordsOf(requirement)}};
    for (const std::string& subject : subjects) {
      for (const std::string& name : filesystems) {
        const auto found = worst.find({requirement, subject, name});
        row.cells.push_back(found == worst.end() ? Cell() : found->second.cell(style));
      }
    }
    grid.rows.push_back(std::move(row));
  }
  return grid.text(style);
}

std::string overviewGrid(const Results& results, const Style& style) {
  Grid grid{.least = 10};
  const std::vector<Side> sides = sidesOf(results);
  for (const Side& side : sides) {
    grid.columns.push_back(
        {side.filesystem + (side.side.empty() ? "" : " ") + std::string(side.side)});
  }
  bool any_count = false;
  for (const TreeResults& tree : results.trees) {
    Grid::Row row{.labels = {tree.title}};
    if (tree.failure) {
      row.remark = {std::string(inWords(*tree.failure)), Tone::bad};
    } else {
      for (const Side& side : sides) {
        row.cells.push_back(cellFor(tree, side, style));
        any_count |= row.cells.back().text.contains('/');
      }
    }
    grid.rows.push_back(std::move(row));
  }
  std::string text = grid.text(style);
  if (any_count) {
    text += paintLines(
        "A 2/20: 2 of the 20 requirements A1, A2 and so on have a case that does not "
        "pass",
        Tone::faint, style);
  }
  return text;
}

}  // namespace runner
