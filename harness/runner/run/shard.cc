// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/shard.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "sys/part.h"

namespace runner {

std::string Shard::text() const {
  return sys::Part{index, count}.text();
}

Shard parseShard(const std::string& text) {
  const auto part = sys::Part::parse(text);
  if (!part) {
    throw Failure(
        ExitStatus::usage,
        fmt::format("--shard '{}': expected I/N, such as 2/5 for the second of five parts", text));
  }
  return {part->index, part->count};
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
