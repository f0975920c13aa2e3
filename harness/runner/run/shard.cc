// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "runner/base/failure.h"
#include "runner/base/words.h"

namespace runner {

std::string Shard::text() const {
  return fmt::format("{}/{}", index, count);
}

Shard parseShard(const std::string& text) {
  const auto number = [](std::string_view part) -> unsigned {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc() && end == part.data() + part.size() ? value : 0;
  };
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::size_t after = std::min(slash + 1, text.size());
  const Shard shard{number(text.substr(0, slash)), number(text.substr(after))};
  if (shard.index == 0 || shard.index > shard.count) {
    throw Failure(
        ExitStatus::usage,
        fmt::format("--shard '{}': expected I/N, such as 2/5 for the second of five parts", text));
  }
  return shard;
}

ShardPlan::ShardPlan(const Shard& shard, const std::vector<Boot>& boots) {
  if (boots.size() < shard.count) {
    throw Failure(ExitStatus::usage, fmt::format("--shard {}: this run boots {}; use no more "
                                                 "shards than that",
                                                 shard.text(), counted(boots.size(), "machine")));
  }
  const std::size_t begin = boots.size() * (shard.index - 1) / shard.count;
  const std::size_t end = boots.size() * shard.index / shard.count;
  boots_.assign(boots.begin() + static_cast<std::ptrdiff_t>(begin),
                boots.begin() + static_cast<std::ptrdiff_t>(end));
}

bool ShardPlan::has(const Boot& boot) const {
  return std::ranges::count(boots_, boot) != 0;
}

bool ShardPlan::has(std::string_view tree, bool series_on) const {
  return std::ranges::any_of(
      boots_, [&](const Boot& boot) { return boot.tree == tree && boot.series_on == series_on; });
}

bool ShardPlan::has(std::string_view tree) const {
  return has(tree, false) || has(tree, true);
}

}  // namespace runner
