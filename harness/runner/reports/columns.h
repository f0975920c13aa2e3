// SPDX-License-Identifier: GPL-2.0
// Columns: rows of cells, each centered below the heading of its column.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runner/base/style.h"

namespace runner {

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

class Columns {
 public:
  explicit Columns(std::vector<std::string> headings);

  // Makes room for the cells of a row: one for each heading.
  void fit(const std::vector<Cell>& cells);
  // What all of them take, with the gaps between them and the label.
  std::size_t total() const;

  // Lines; a label stands before the cells of a row.
  std::string heading(std::size_t label_columns, const Style& style) const;
  std::string row(const std::string& label, const std::vector<Cell>& cells,
                  const Style& style) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::size_t> widths_;
};

}  // namespace runner
