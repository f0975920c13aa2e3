// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/config.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "runner/base/failure.h"

namespace runner {

namespace {

constexpr std::string_view kNotSet = " is not set";

// One line of a fragment or a .config, or nothing when it is a comment or empty.
std::optional<Option> parseLine(const std::string& line) {
  Option option;
  if (line.starts_with("# CONFIG_")) {
    const auto end = line.find(' ', 2);
    if (end == std::string::npos || line.compare(end, std::string::npos, kNotSet) != 0) {
      return std::nullopt;
    }
    option.symbol = line.substr(2, end - 2);
    return option;
  }
  const auto equals = line.find('=');
  if (!line.starts_with("CONFIG_") || equals == std::string::npos) return std::nullopt;
  option.symbol = line.substr(0, equals);
  option.value = line.substr(equals + 1);
  if (option.value == "n") option.value.clear();
  return option;
}

}  // namespace

std::string Option::text() const {
  return value.empty() ? fmt::format("# {}{}", symbol, kNotSet) : symbol + '=' + value;
}

std::vector<Option> readFragments(const std::vector<std::filesystem::path>& fragments) {
  std::vector<Option> options;
  for (const auto& fragment : fragments) {
    std::ifstream in(fragment);
    if (!in) {
      throw Failure(ExitStatus::build, "cannot read {}", fragment.string());
    }
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      std::optional<Option> option = parseLine(line);
      if (!option && !line.empty() && line.front() != '#') {
        throw Failure(ExitStatus::build, "{}:{}: \"{}\" is neither CONFIG_X=... nor a comment",
                      fragment.string(), number, line);
      }
      if (!option) continue;
      option->fragment = fragment;
      option->line = number;
      std::erase_if(options, [&](const Option& old) { return old.symbol == option->symbol; });
      options.push_back(*option);
    }
  }
  return options;
}

std::vector<std::string> lostOptions(const std::vector<Option>& wanted, std::string_view config) {
  std::map<std::string, std::string> values;
  std::istringstream in{std::string(config)};
  for (std::string line; std::getline(in, line);) {
    if (const auto option = parseLine(line)) values[option->symbol] = option->value;
  }
  std::vector<std::string> lost;
  for (const Option& option : wanted) {
    const auto found = values.find(option.symbol);
    const std::string got = found == values.end() ? "" : found->second;
    if (got == option.value) continue;
    std::string what = "became " + got;
    // Symbols whose dependencies are not met don't show up in a .config at all.
    if (found == values.end()) what = "is missing: unknown to this version, or a dependency is off";
    if (found != values.end() && got.empty()) what = "is not set";
    lost.push_back(
        fmt::format("{}:{}: {}: {}", option.fragment.string(), option.line, option.text(), what));
  }
  return lost;
}

}  // namespace runner
