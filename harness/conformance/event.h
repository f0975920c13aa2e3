// SPDX-License-Identifier: GPL-2.0-only
// Event: one object of the verdict stream, with its members in the order in which they are written.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace conformance {

struct Member {
  Member(std::string_view name, std::integral auto number)
      : name(name), value(static_cast<std::int64_t>(number)) {}
  Member(std::string_view name, double number) : name(name), value(number) {}
  Member(std::string_view name, std::string_view text) : name(name), value(std::string(text)) {}
  Member(std::string_view name, std::vector<std::string> texts)
      : name(name), value(std::move(texts)) {}

  std::string name;
  std::variant<std::int64_t, double, std::string, std::vector<std::string>> value;
};

using Event = std::vector<Member>;

// As JSON, without a newline. Invalid UTF-8, which may come from a kernel or a file name, is
// replaced.
std::string toJson(const Event& event);

}  // namespace conformance
