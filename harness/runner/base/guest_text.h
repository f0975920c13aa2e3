// SPDX-License-Identifier: GPL-2.0
// Text that a guest, or anybody else who is not trusted, wrote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// Without escape sequences and control characters, invalid UTF-8 replaced by '?'; tabs become
// spaces. For one line of a console and the like, before it goes to a terminal or into a report.
std::string printable(std::string_view text);
// The lines of a text, each made printable; "" has one.
std::vector<std::string> printableLines(std::string_view text);

}  // namespace runner
