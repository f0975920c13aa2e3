// SPDX-License-Identifier: GPL-2.0-only
#include "sys/glob.h"

#include <fnmatch.h>

namespace sys {

bool matchesGlob(std::string_view patterns, const std::string& name) {
  bool any = false;
  while (!patterns.empty()) {
    const std::size_t length = patterns.find(':');
    const std::string pattern(patterns.substr(0, length));
    patterns.remove_prefix(length == std::string_view::npos ? patterns.size() : length + 1);
    if (pattern.empty()) continue;
    any = true;
    if (::fnmatch(pattern.c_str(), name.c_str(), 0) == 0) return true;
  }
  return !any;
}

}  // namespace sys
