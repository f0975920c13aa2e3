// SPDX-License-Identifier: GPL-2.0-only
// Grid: rows of labels and cells, each cell centered below the heading of its column.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "runner/base/style.h"

namespace runner {

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

struct Grid {
  struct Column {
    std::string heading;
    std::string group = {};  // a second heading above, shared by neighbours of the same group
    std::size_t width = 0;   // at least
    std::size_t gap = 2;     // before it
  };
  struct Row {
    std::vector<std::string> labels;
    std::vector<Cell> cells = {};  // one for each column, or none
    Cell remark = {};              // after the cells
    Tone tone = Tone::plain;       // of the labels of a row without cells
  };

  std::vector<Column> columns = {};
  std::vector<Row> rows = {};
  std::size_t label_gap = 2;       // between labels
  std::size_t remark_columns = 0;  // reserved for the remarks
  // The index of the label to truncate if the width runs out, and how much of it to keep.
  std::size_t yielding = 0;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  bool fills_width = false;  // that label takes all remaining columns

  std::string text(const Style& style) const;
};

}  // namespace runner
