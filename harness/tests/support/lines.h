// SPDX-License-Identifier: GPL-2.0-only
// Lines of a text, for the tests of tables.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace runner {

inline std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The first line that contains `part`; empty if none does.
inline std::string lineWith(const std::string& text, const std::string& part) {
  for (const std::string& line : linesOf(text)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return "";
}

}  // namespace runner
