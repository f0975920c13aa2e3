// SPDX-License-Identifier: GPL-2.0-only
// Output: writes text to a descriptor and checks for errors.
#pragma once

#include <stdexcept>
#include <string_view>

#include "runner/base/style.h"

namespace runner {

// The reader of standard output or standard error is gone (`| head`): stop silently.
class OutputClosed : public std::runtime_error {
 public:
  OutputClosed() : std::runtime_error("the output was closed") {}
};

// Writes all of it. Throws OutputClosed, or Failure (environment) if the disk is full.
void writeAll(int fd, std::string_view text);
// Standard output.
void print(std::string_view text);

// What the descriptor can show: color on a terminal unless NO_COLOR is set, Unicode where the
// locale says UTF-8, at most 100 columns.
Style styleFor(int fd);
// Whether lines can be redrawn there: it is a terminal, and not a dumb one.
bool isLive(int fd);
// Columns of the terminal, 100 when there is none.
std::size_t terminalColumns(int fd);
// Its rows, 24 when there is none.
std::size_t terminalRows(int fd);

}  // namespace runner
