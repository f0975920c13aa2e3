// SPDX-License-Identifier: GPL-2.0-only
// Text from a guest or another untrusted source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// Removes escape sequences and control characters, and replaces invalid UTF-8 by '?' and tabs by
// spaces. For one line of a console and the like, before it goes to a terminal or into a report.
std::string printable(std::string_view text);
// The lines of a text, each made printable; "" has one.
std::vector<std::string> printableLines(std::string_view text);

}  // namespace runner
