// SPDX-License-Identifier: GPL-2.0
#include "runner/cost/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "runner/report/columns.h"

namespace runner {
namespace {

const CallCost* find(const MeasuredKernel& kernel, const CallCost& row) {
  const auto found = std::find_if(
      kernel.costs.begin(), kernel.costs.end(),
      [&](const CallCost& each) { return each.call == row.call && each.subject == row.subject; });
  return found == kernel.costs.end() ? nullptr : &*found;
}

bool isUnsteady(const CallCost& cost) {
  return 2 * cost.equal < cost.repetitions;
}

// The rows: of one subject after the other, as the first kernel was asked.
const std::vector<CallCost>& rowsOf(const CostRun& run) {
  return run.kernels.front().costs;
}

std::vector<Cell> cellsOf(const CostRun& run, const CallCost& row) {
  std::vector<Cell> cells;
  for (std::size_t kernel = 0; kernel < run.kernels.size(); ++kernel) {
    cells.push_back({costCell(run, kernel, row)});
  }
  return cells;
}

// "overlay", or nothing where the row above says so already.
std::string subjectOf(const CostRun& run, std::size_t row) {
  const std::vector<CallCost>& rows = rowsOf(run);
  const bool again = row > 0 && rows[row - 1].subject == rows[row].subject;
  return again ? "" : rows[row].subject;
}

}  // namespace

std::string costCell(const CostRun& run, std::size_t kernel, const CallCost& row) {
  const CallCost* const base = find(run.kernels.front(), row);
  const CallCost* const cost = find(run.kernels.at(kernel), row);
  if (base == nullptr || cost == nullptr) return "-";
  const std::string mark = isUnsteady(*base) || isUnsteady(*cost) ? "~" : "";
  if (kernel == 0) return std::to_string(cost->instructions) + mark;
  const auto more = static_cast<std::int64_t>(cost->instructions - base->instructions);
  return (more == 0 ? "0" : fmt::format("{:+}", more)) + mark;
}

std::string costTable(const CostRun& run, const Style& style) {
  std::string text;
  std::vector<std::string> headings;
  for (const MeasuredKernel& kernel : run.kernels) {
    headings.push_back(kernel.heading);
    text += labelled(
        text.empty() ? "kernel" : "",
        fmt::format("Linux {}, series {}", kernel.identity.release, kernel.identity.series), style);
  }
  text += labelled("source", run.kernels.front().identity.source, style);
  text += labelled("unit",
                   fmt::format("instructions from user mode to user mode, in QEMU (TCG), on {}; "
                               "the median of {} calls. Columns but the first: the difference to "
                               "it. ~: less than half of the calls took just so many",
                               run.filesystem, rowsOf(run).front().repetitions),
                   style);
  for (const std::string& note : run.notes) text += labelled("note", note, style);
  text += '\n';

  Columns columns(headings);
  std::size_t width = 0, subject_width = 0;
  for (const CallCost& row : rowsOf(run)) {
    columns.fit(cellsOf(run, row));
    width = std::max(width, columnsOf(row.call) + 2);
    subject_width = std::max(subject_width, columnsOf(row.subject) + 2);
  }
  text += columns.heading(subject_width + width, style);
  for (std::size_t row = 0; row < rowsOf(run).size(); ++row) {
    text += columns.row(pad(subjectOf(run, row), subject_width) + pad(rowsOf(run)[row].call, width),
                        cellsOf(run, rowsOf(run)[row]), style);
  }
  return text + '\n' + labelled("time", inWords(run.total), style);
}

std::string costMarkdown(const CostRun& run) {
  std::string text = "| subject | call |", line = "|---|---|";
  for (const MeasuredKernel& kernel : run.kernels) {
    text += fmt::format(" {} |", kernel.heading);
    line += "---:|";
  }
  text += '\n' + line + '\n';
  for (std::size_t row = 0; row < rowsOf(run).size(); ++row) {
    text += fmt::format("| {} | {} |", subjectOf(run, row), rowsOf(run)[row].call);
    for (const Cell& cell : cellsOf(run, rowsOf(run)[row])) text += fmt::format(" {} |", cell.text);
    text += '\n';
  }
  return text;
}

}  // namespace runner
