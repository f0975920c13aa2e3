// SPDX-License-Identifier: GPL-2.0-only
// What a shard leaves for `merge`: all its results, in shard.json next to its reports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/results/results.h"
#include "runner/run/shard.h"

namespace runner {

struct ShardRecord {
  Shard shard;
  std::string run;         // the same for all shards: "run --tree all --series both"
  Results results;         // of the trees and sides that it has
  std::string guest = {};  // SHA-256 of the suite's program
};

inline constexpr const char* kShardFile = "shard.json";

// Makes the paths of console logs relative to `directory`, where the record will be.
std::string shardJson(ShardRecord record, const std::filesystem::path& directory);

// Resolves the paths of console logs against `directory`. Throws Failure (usage) if it has no
// shard.json or one that this version cannot read.
ShardRecord readShard(const std::filesystem::path& directory);

// Removes the record of an earlier run, if there is one and it can be removed.
void removeShard(const std::filesystem::path& directory);

// The whole run. Throws Failure (usage) naming shards that are missing, given twice, or from
// another run, another version of this project or its suite, or another kernel of the same tree.
Results merged(std::vector<ShardRecord> records);

}  // namespace runner
