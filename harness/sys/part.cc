// SPDX-License-Identifier: GPL-2.0-only
#include "sys/part.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace sys {

std::optional<Part> Part::parse(std::string_view text) {
  const auto number = [](std::string_view digits) -> unsigned {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
  };
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::size_t after = std::min(slash + 1, text.size());
  const Part part{number(text.substr(0, slash)), number(text.substr(after))};
  if (part.index == 0 || part.index > part.count) return std::nullopt;
  return part;
}

std::string Part::text() const {
  return std::to_string(index) + '/' + std::to_string(count);
}

}  // namespace sys
