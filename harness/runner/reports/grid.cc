// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/grid.h"

#include <algorithm>

namespace runner {
namespace {

class Layout {
 public:
  Layout(const Grid& grid, const Style& style) : grid_(grid), style_(style) {
    for (const Grid::Column& column : grid.columns) {
      widths_.push_back(std::max(column.width, columnsOf(column.heading)));
    }
    for (const Grid::Row& row : grid.rows) {
      labels_.resize(std::max(labels_.size(), row.labels.size()));
      for (std::size_t i = 0; i < row.labels.size(); ++i) widen(labels_[i], row.labels[i]);
      for (std::size_t i = 0; i < row.cells.size(); ++i) widen(widths_[i], row.cells[i].text);
    }
    if (labels_.empty()) return;
    std::size_t used = grid.remark_columns + grid.label_gap * (labels_.size() - 1);
    for (std::size_t i = 0; i < widths_.size(); ++i) used += widths_[i] + grid.columns[i].gap;
    for (const std::size_t label : labels_) used += label;
    std::size_t& yielding = labels_[grid.yielding];
    used -= yielding;
    const std::size_t room = std::max(grid.least, style.width - std::min(style.width, used));
    yielding = grid.fills_width ? room : std::min(yielding, room);
  }

  std::string headings() const {
    const std::vector<std::string> no_labels(labels_.size());
    std::string groups = labels(no_labels);
    std::string headings = groups;
    bool any = false;
    for (std::size_t i = 0; i < widths_.size();) {
      const Grid::Column& first = grid_.columns[i];
      std::size_t width = 0;
      for (; i < widths_.size() && grid_.columns[i].group == first.group; ++i) {
        const Grid::Column& column = grid_.columns[i];
        width += widths_[i] + (width == 0 ? 0 : column.gap);
        headings.append(column.gap, ' ').append(centered(column.heading, widths_[i]));
      }
      any |= !first.group.empty();
      groups.append(first.gap, ' ').append(centered(first.group, width));
    }
    return (any ? paint(trimmed(groups), Tone::strong, style_) + '\n' : "") +
           paint(trimmed(headings), any ? Tone::faint : Tone::strong, style_) + '\n';
  }

  std::string row(const Grid::Row& row) const {
    std::string line = labels(row.labels);
    if (row.tone != Tone::plain) line = paint(trimmed(line), row.tone, style_);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Cell& cell = row.cells[i];
      line.append(grid_.columns[i].gap, ' ');
      line += paint(centered(cell.text, widths_[i]), cell.tone, style_);
    }
    if (!row.remark.text.empty()) line += "  " + paint(row.remark.text, row.remark.tone, style_);
    return trimmed(line) + '\n';
  }

 private:
  static void widen(std::size_t& width, const std::string& text) {
    width = std::max(width, columnsOf(text));
  }

  // Without trailing spaces, which do not belong in a file.
  static std::string trimmed(std::string line) {
    return line.erase(line.find_last_not_of(' ') + 1);
  }

  std::string labels(const std::vector<std::string>& labels) const {
    std::string text;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      text.append(i == 0 ? 0 : grid_.label_gap, ' ');
      text += pad(truncate(labels[i], labels_[i], style_), labels_[i]);
    }
    return text;
  }

  const Grid& grid_;
  const Style& style_;
  std::vector<std::size_t> labels_, widths_;  // columns that each takes
};

}  // namespace

std::string Grid::text(const Style& style) const {
  const Layout layout(*this, style);
  std::string text = columns.empty() ? "" : layout.headings();
  for (const Row& row : rows) text += layout.row(row);
  return text;
}

}  // namespace runner
