// SPDX-License-Identifier: GPL-2.0-only
#include "runner/cost/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>

#include "runner/base/words.h"
#include "runner/reports/grid.h"

namespace runner {
namespace {

auto find(std::span<const CallCost> costs, const CallCost& row) {
  return std::find_if(costs.begin(), costs.end(), [&](const CallCost& each) {
    return each.call == row.call && each.subject == row.subject;
  });
}

const CallCost* costOf(const MeasuredKernel& kernel, const CallCost& row) {
  const std::span<const CallCost> costs = kernel.costs;
  const auto found = find(costs, row);
  return found == costs.end() ? nullptr : &*found;
}

bool isUnsteady(const CallCost& cost) {
  return 2 * cost.equal < cost.repetitions;
}

// The rows, by subject, in the order of the first kernel. A call that only a later kernel supports
// gets its place from that kernel.
std::vector<CallCost> rowsOf(const CostRun& run) {
  std::vector<CallCost> rows;
  for (const MeasuredKernel& kernel : run.kernels) {
    std::ptrdiff_t place = 0;
    for (const CallCost& cost : kernel.costs) {
      const std::span<const CallCost> known = rows;
      const auto found = find(known, cost);
      if (found == known.end()) {
        rows.insert(rows.begin() + place, cost);
      } else {
        place = found - known.begin();
      }
      ++place;
    }
  }
  return rows;
}

// "1001", or "201 or 1001" if the number differs.
std::string repetitionsOf(const std::vector<CallCost>& rows) {
  std::set<std::size_t> repetitions;
  for (const CallCost& row : rows) repetitions.insert(row.repetitions);
  return fmt::format("{}", fmt::join(repetitions, " or "));
}

std::vector<Cell> cellsOf(const CostRun& run, const CallCost& row) {
  std::vector<Cell> cells;
  for (std::size_t kernel = 0; kernel < run.kernels.size(); ++kernel) {
    cells.push_back({costCell(run, kernel, row)});
  }
  return cells;
}

// "overlay", or nothing if the row above has the same subject.
std::string subjectOf(const std::vector<CallCost>& rows, std::size_t row) {
  const bool again = row > 0 && rows[row - 1].subject == rows[row].subject;
  return again ? "" : rows[row].subject;
}

}  // namespace

std::string costCell(const CostRun& run, std::size_t kernel, const CallCost& row) {
  const CallCost* const base = costOf(run.kernels.front(), row);
  const CallCost* const cost = costOf(run.kernels.at(kernel), row);
  if (cost == nullptr) return "-";
  const bool unsteady = isUnsteady(*cost) || (base != nullptr && isUnsteady(*base));
  const std::string mark = unsteady ? "~" : "";
  if (kernel == 0 || base == nullptr) return std::to_string(cost->instructions) + mark;
  const auto more = static_cast<std::int64_t>(cost->instructions - base->instructions);
  return (more == 0 ? "0" : fmt::format("{:+}", more)) + mark;
}

std::string costTable(const CostRun& run, const Style& style) {
  std::string text;
  const std::vector<CallCost> rows = rowsOf(run);
  Grid grid;
  for (const MeasuredKernel& kernel : run.kernels) {
    // A wider gap between the calls and the first column.
    grid.columns.push_back({.heading = kernel.heading, .gap = grid.columns.empty() ? 4u : 2u});
    text += labelled(
        text.empty() ? "kernel" : "",
        fmt::format("Linux {}, series {}", kernel.identity.release, kernel.identity.series), style);
  }
  text += labelled("source", run.kernels.front().identity.source, style);
  text += labelled(
      "unit",
      fmt::format("instructions from user mode to user mode, in QEMU (TCG), on {}; "
                  "the median of {} calls. All columns but the first show the difference from "
                  "it, or the number itself if the first kernel refuses the call. ~: less than "
                  "half of the calls took exactly that many",
                  run.filesystem, repetitionsOf(rows)),
      style);
  for (const std::string& note : run.notes) text += labelled("note", note, style);
  text += '\n';

  for (std::size_t row = 0; row < rows.size(); ++row) {
    grid.rows.push_back(
        {.labels = {subjectOf(rows, row), rows[row].call}, .cells = cellsOf(run, rows[row])});
  }
  text += grid.text(style);
  return text + '\n' + labelled("time", inWords(run.total), style);
}

std::string costMarkdown(const CostRun& run) {
  const std::vector<CallCost> rows = rowsOf(run);
  std::string text = "| subject | call |", line = "|---|---|";
  for (const MeasuredKernel& kernel : run.kernels) {
    text += fmt::format(" {} |", kernel.heading);
    line += "---:|";
  }
  text += '\n' + line + '\n';
  for (std::size_t row = 0; row < rows.size(); ++row) {
    text += fmt::format("| {} | {} |", subjectOf(rows, row), rows[row].call);
    for (const Cell& cell : cellsOf(run, rows[row])) text += fmt::format(" {} |", cell.text);
    text += '\n';
  }
  return text;
}

}  // namespace runner
