// SPDX-License-Identifier: GPL-2.0
// What a shard leaves for `merge`: all of its results, in shard.json beside its reports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/results/results.h"
#include "runner/run/shard.h"

namespace runner {

struct ShardRecord {
  Shard shard;
  std::string run;  // what was asked for, the same for all shards: "run --tree all --series both"
  Results results;  // of the trees and sides that it has
  std::string guest = {};  // SHA-256 of the suite's program
};

inline constexpr const char* kShardFile = "shard.json";

// The paths of console logs below `directory`, where it is written to, become relative.
std::string shardJson(ShardRecord record, const std::filesystem::path& directory);

// The paths of console logs are below `directory` again. Throws Failure (usage) for a directory
// without a shard.json, or one that this version cannot read.
ShardRecord readShard(const std::filesystem::path& directory);

// Removes the record of an earlier run, if there is one and it can be removed.
void removeShard(const std::filesystem::path& directory);

// The run that the shards are of. Throws Failure (usage) with what is missing, there twice, or of
// another run, another version of this project or its suite, or another kernel of the same tree.
Results merged(std::vector<ShardRecord> records);

}  // namespace runner
