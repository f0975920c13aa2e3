// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/columns.h"

#include <algorithm>
#include <utility>

namespace runner {
namespace {

constexpr std::size_t kGap = 2;

// Spaces at the end are nothing that a file should have.
std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

Columns::Columns(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (const std::string& heading : headings_) widths_.push_back(columnsOf(heading));
}

void Columns::fit(const std::vector<Cell>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    widths_[i] = std::max(widths_[i], columnsOf(cells[i].text));
  }
}

std::size_t Columns::total() const {
  std::size_t total = 0;
  for (const std::size_t width : widths_) total += kGap + width;
  return total;
}

std::string Columns::heading(std::size_t label_columns, const Style& style) const {
  std::string line(label_columns, ' ');
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    line.append(kGap, ' ');
    line += centered(headings_[i], widths_[i]);
  }
  return paint(trimmed(line), Tone::strong, style) + '\n';
}

std::string Columns::row(const std::string& label, const std::vector<Cell>& cells,
                         const Style& style) const {
  std::string line = label;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line.append(kGap, ' ');
    line += paint(centered(cells[i].text, widths_[i]), cells[i].tone, style);
  }
  return trimmed(line) + '\n';
}

}  // namespace runner
