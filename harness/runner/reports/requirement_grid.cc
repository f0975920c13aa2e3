// SPDX-License-Identifier: GPL-2.0
#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "runner/base/option_words.h"
#include "runner/reports/cells.h"
#include "runner/reports/grid.h"

namespace runner {
namespace {

// The bare filesystem comes first, whatever ran first: it is the oracle.
std::size_t rankOf(const std::string& subject) {
  static constexpr std::array<std::string_view, 3> kOrder = {"plain", "overlay", "volatile"};
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), subject) -
                                  kOrder.begin());
}

struct Column {
  std::string subject, filesystem;
  std::size_t width = 0;
};

class Grid {
 public:
  Grid(const RunResults& results, const Style& style) : results_(results), style_(style) {
    for (const MachineResult& machine : results.machines) {
      for (const CaseResult& result : machine.cases) take(result);
    }
    std::stable_sort(subjects_.begin(), subjects_.end(),
                     [](const auto& a, const auto& b) { return rankOf(a) < rankOf(b); });
    for (const std::string& subject : subjects_) {
      for (const std::string& filesystem : filesystemsOf(results)) {
        columns_.push_back({subject, filesystem, 2});
      }
    }
    const bool one_filesystem = columns_.size() == subjects_.size();
    for (Column& column : columns_) {
      column.width =
          std::max(column.width, columnsOf(one_filesystem ? column.subject : column.filesystem));
      for (const std::string& requirement : requirements_) {
        column.width = std::max(column.width, columnsOf(cell(requirement, column)));
      }
    }
    std::size_t used = 0;
    for (const Column& column : columns_) used += column.width + gapBefore(column);
    for (const std::string& id : requirements_) id_width_ = std::max(id_width_, columnsOf(id));
    const std::size_t room = style_.width - std::min(style_.width, used + id_width_ + 2);
    text_width_ = std::max<std::size_t>(room, 20);
  }

  std::string text() const {
    std::string grid = heading();
    for (const std::string& requirement : requirements_) {
      std::string row = pad(requirement, id_width_) + "  " +
                        pad(truncate(wordsOf(requirement), text_width_, style_), text_width_);
      for (const Column& column : columns_) {
        row.append(gapBefore(column), ' ');
        const auto found = cells_.find({requirement, column.subject, column.filesystem});
        const Tone tone = found == cells_.end() ? Tone::plain : found->second.tone();
        row += paint(centered(cell(requirement, column), column.width), tone, style_);
      }
      grid += trimmed(row) + '\n';
    }
    return grid;
  }

 private:
  using Key = std::array<std::string, 3>;  // requirement, subject, filesystem

  void take(const CaseResult& result) {
    addOnce(requirements_, result.requirement);
    addOnce(subjects_, result.subject);
    const Key key{result.requirement, result.subject, result.filesystem};
    cells_[key].add(result.verdict);
  }

  std::string cell(const std::string& requirement, const Column& column) const {
    const auto found = cells_.find({requirement, column.subject, column.filesystem});
    return found == cells_.end() ? "" : found->second.cell(style_);
  }

  std::string wordsOf(const std::string& requirement) const {
    const auto found = results_.requirements.find(requirement);
    return found == results_.requirements.end() ? "" : found->second;
  }

  // Subjects stand apart from each other, filesystems side by side.
  std::size_t gapBefore(const Column& column) const {
    return column.filesystem == columns_.front().filesystem ? 3 : 1;
  }

  std::string heading() const {
    const std::string indent(id_width_ + 2 + text_width_, ' ');
    std::string subjects = indent;
    std::string filesystems = indent;
    for (std::size_t i = 0; i < columns_.size();) {
      std::size_t width = 0;
      const std::string& subject = columns_[i].subject;
      for (; i < columns_.size() && columns_[i].subject == subject; ++i) {
        const Column& column = columns_[i];
        width += column.width + (width == 0 ? 0 : gapBefore(column));
        filesystems.append(gapBefore(column), ' ');
        filesystems += centered(column.filesystem, column.width);
      }
      subjects += "   " + centered(subject, width);
    }
    std::string heading = paint(trimmed(subjects), Tone::strong, style_) + '\n';
    if (columns_.size() > subjects_.size()) {
      heading += paint(trimmed(filesystems), Tone::faint, style_) + '\n';
    }
    return heading;
  }

  static std::string trimmed(std::string row) {
    row.erase(row.find_last_not_of(' ') + 1);
    return row;
  }

  const RunResults& results_;
  const Style& style_;
  std::vector<std::string> requirements_, subjects_;
  std::map<Key, WorstVerdict> cells_;
  std::vector<Column> columns_;
  std::size_t id_width_ = 0, text_width_ = 0;
};

}  // namespace

std::string requirementGrid(const RunResults& results, const Style& style) {
  return Grid(results, style).text();
}

}  // namespace runner
