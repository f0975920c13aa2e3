// SPDX-License-Identifier: GPL-2.0-only
#include "sys/shell_word.h"

#include <algorithm>
#include <cctype>

namespace sys {

std::string shellWord(std::string_view text) {
  const bool harmless = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("./_-,:+=@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (harmless) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

}  // namespace sys
