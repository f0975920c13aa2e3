// SPDX-License-Identifier: GPL-2.0-only
// How cases are divided among machines: the runner and the guest must agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sys {

struct Part {
  unsigned index = 1, count = 1;  // index: from 1

  // Reads "2/5". Nothing: it is something else.
  static std::optional<Part> parse(std::string_view text);
  std::string text() const;  // "2/5"

  // A case is in the same part whatever else is selected. By the FNV-1a hash of its name.
  bool has(std::string_view name) const {
    std::uint32_t hash = 2166136261U;
    for (const char each : name) hash = (hash ^ static_cast<unsigned char>(each)) * 16777619U;
    return hash % count == index - 1;
  }
};

}  // namespace sys
