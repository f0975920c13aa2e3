// SPDX-License-Identifier: GPL-2.0
// Output: text to a descriptor, with its errors seen.
#pragma once

#include <stdexcept>
#include <string_view>

#include "runner/base/style.h"

namespace runner {

// Whoever read standard output or standard error is gone (`| head`): stop, and say nothing.
class OutputClosed : public std::runtime_error {
 public:
  OutputClosed() : std::runtime_error("the output was closed") {}
};

// Writes all of it. Throws OutputClosed, or Failure (environment) when the disk under it is full.
void writeAll(int fd, std::string_view text);
// Standard output.
void print(std::string_view text);

// What the descriptor can show: color on a terminal unless NO_COLOR is set, Unicode where the
// locale says UTF-8, at most 100 columns.
Style styleFor(int fd);
// Lines can be drawn again there: a terminal that is not a dumb one.
bool isLive(int fd);
// Columns of the terminal, 100 when there is none.
std::size_t terminalColumns(int fd);
// Its rows, 24 when there is none.
std::size_t terminalRows(int fd);

}  // namespace runner
