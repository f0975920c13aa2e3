// SPDX-License-Identifier: GPL-2.0
// Shards: a run that is spread over several machines of somebody's CI, and put together again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Shard {
  unsigned index = 1, count = 1;  // index: from 1

  std::string text() const;  // "2/5"
};

// "2/5". Throws Failure (usage) for anything else.
Shard parseShard(const std::string& text);

// Which boots are of one shard: all of them in the order tree, series, filesystem, cut into parts
// that differ by one at most, so that a shard builds as few kernels as it can.
class ShardPlan {
 public:
  struct Boot {
    std::string tree;        // its title
    bool series_on = false;  // the second kernel of a comparison, or the only one
    std::string filesystem;
    auto operator<=>(const Boot&) const = default;
  };

  // boots: all of the run, in its order. Throws Failure (usage) when there are fewer than shards.
  ShardPlan(const Shard& shard, const std::vector<Boot>& boots);

  bool has(const Boot& boot) const;
  bool has(std::string_view tree, bool series_on) const;
  bool has(std::string_view tree) const;

 private:
  std::vector<Boot> boots_;
};

}  // namespace runner
