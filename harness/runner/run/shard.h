// SPDX-License-Identifier: GPL-2.0-only
// Shards: a run divided among several CI jobs and merged afterwards.
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

// The boots of one shard. All boots, ordered by tree, series and filesystem, are divided into parts
// whose sizes differ by at most one, so that each shard builds as few kernels as possible.
class ShardPlan {
 public:
  struct Boot {
    std::string tree;        // its title
    bool series_on = false;  // the second kernel of a comparison, or the only one
    std::string filesystem;
    auto operator<=>(const Boot&) const = default;
  };

  // boots: all boots of the run, in order. Throws Failure (usage) if there are fewer than shards.
  ShardPlan(const Shard& shard, const std::vector<Boot>& boots);

  bool has(const Boot& boot) const;
  bool has(std::string_view tree, bool series_on) const;
  bool has(std::string_view tree) const;

 private:
  std::vector<Boot> boots_;
};

}  // namespace runner
