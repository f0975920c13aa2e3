// SPDX-License-Identifier: GPL-2.0
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
    std::string group = {};  // a second heading above it, over all neighbours of the same group
    std::size_t width = 0;   // at least
    std::size_t gap = 2;     // before it
  };
  struct Row {
    std::vector<std::string> labels;
    std::vector<Cell> cells = {};  // one for each column, or none
    Cell remark = {};              // behind them
    Tone tone = Tone::plain;       // of the labels, where nothing is behind them
  };

  std::vector<Column> columns = {};
  std::vector<Row> rows = {};
  std::size_t label_gap = 2;       // between labels
  std::size_t remark_columns = 0;  // kept free for the remarks
  // The label that is cut off where the width runs out, by its place, and how much of it stays.
  std::size_t yielding = 0;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  bool fills_width = false;  // it takes all the room that is left

  std::string text(const Style& style) const;
};

}  // namespace runner
