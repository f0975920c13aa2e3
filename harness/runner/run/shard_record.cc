// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/shard_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/results/verdict.h"
#include "runner/run/unable.h"

// Milliseconds, as a number.
template <>
struct nlohmann::adl_serializer<std::chrono::milliseconds> {
  static void to_json(json& to, const std::chrono::milliseconds& duration) {
    to = duration.count();
  }
  static void from_json(const json& from, std::chrono::milliseconds& duration) {
    duration = std::chrono::milliseconds(from.get<std::int64_t>());
  }
};

// Null when there is none.
template <typename Value>
struct nlohmann::adl_serializer<std::optional<Value>> {
  static void to_json(json& to, const std::optional<Value>& value) {
    if (value) {
      to = *value;
    } else {
      to = nullptr;
    }
  }
  static void from_json(const json& from, std::optional<Value>& value) {
    if (!from.is_null()) value = from.get<Value>();
  }
};

namespace runner {

using Json = nlohmann::json;

// nlohmann/json finds these by argument-dependent lookup. It writes an ExitStatus as a number by
// itself.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Shard, index, count)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KernelIdentity, tree, release, source, series, base, fuzzy,
                                   moved, image, key, config_hash, compiler, lane)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KernelFailure, status, what, command)

// By its name: "pass".
void to_json(Json& json, const Verdict& verdict) {
  json = std::string(nameOf(verdict));
}

void from_json(const Json& json, Verdict& verdict) {
  const std::string name = json.get<std::string>();
  const auto found = verdictNamed(name);
  if (!found) throw std::out_of_range("unknown verdict: " + name);
  verdict = *found;
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CaseResult, name, requirement, filesystem, subject, verdict,
                                   reason, failures, faults, console, duration, reached)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Pairs, possible, covered, missing)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MachineResult, filesystem, machine, kernel, series_on,
                                   own_kernel, cases, verdict, detail, console_tail, console_log,
                                   quirks_asked, quirks_found, pairs, command, boot, total, lacks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TreeResults, title, kernels, machines, failure, guards, notes,
                                   total)
// Without `interrupted`: an interrupted run leaves no record.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Results, version, requirements, filter, trees, total)

namespace {

constexpr int kFormat = 7;

template <typename... Values>
Failure cannotMerge(fmt::format_string<const Values&...> why, const Values&... values) {
  return {ExitStatus::usage, "merge: " + fmt::format(why, values...)};
}

void checkComplete(const std::vector<ShardRecord>& records) {
  const ShardRecord& first = records.front();
  std::set<unsigned> seen;
  for (const ShardRecord& record : records) {
    if (record.run != first.run || record.shard.count != first.shard.count) {
      throw cannotMerge("these shards are from different runs:\n  {} --shard {}\n  {} --shard {}",
                        first.run, first.shard.text(), record.run, record.shard.text());
    }
    if (record.results.version != first.results.version) {
      throw cannotMerge("shard {} was made with version {}, and shard {} with {}",
                        first.shard.text(), first.results.version, record.shard.text(),
                        record.results.version);
    }
    if (record.guest != first.guest) {
      throw cannotMerge(
          "shards {} and {} ran different suites, although both are version {}: build all of them "
          "from the same unmodified checkout with the same compiler",
          first.shard.text(), record.shard.text(), first.results.version);
    }
    if (!seen.insert(record.shard.index).second) {
      throw cannotMerge("shard {} was given twice", record.shard.text());
    }
  }
  std::vector<std::string> missing;
  for (unsigned index = 1; index <= first.shard.count; ++index) {
    if (!seen.contains(index)) missing.push_back(Shard{index, first.shard.count}.text());
  }
  if (!missing.empty()) {
    throw cannotMerge("shards of `{}` are missing: {}", first.run, listed(missing));
  }
}

// A shard may have no case that the filter matches, but at least one of them must.
void checkAnyCase(const Results& results) {
  const bool any = std::ranges::any_of(results.trees, [](const TreeResults& tree) {
    return tree.failure || std::ranges::any_of(tree.machines, [](const MachineResult& machine) {
             return !machine.cases.empty();
           });
  });
  if (!any && !results.filter.empty()) {
    throw cannotMerge("--filter '{}' matches only cases that do not apply to these trees",
                      results.filter);
  }
}

// One kernel of a tree, which several shards may have booted.
void add(std::vector<KernelIdentity>& kernels, const KernelIdentity& kernel,
         const std::string& title) {
  // The kernels with and without the series must also match in this.
  for (const KernelIdentity& other : kernels) {
    if (other.release != kernel.release || other.source != kernel.source ||
        other.compiler != kernel.compiler || other.lane != kernel.lane) {
      throw cannotMerge(
          "the shards tested different kernels of {}: {} ({}, {}) "
          "and {} ({}, {})",
          title, other.release, other.source, other.compiler, kernel.release, kernel.source,
          kernel.compiler);
    }
  }
  const auto same = std::ranges::find(kernels, kernel.series, &KernelIdentity::series);
  if (same == kernels.end()) {
    kernels.push_back(kernel);
  } else if (same->key != kernel.key || same->config_hash != kernel.config_hash) {
    throw cannotMerge(
        "the shards tested different kernels of {}: {} ({}, configuration {}) and "
        "{} ({}, configuration {})",
        title, same->release, same->key, same->config_hash, kernel.release, kernel.key,
        kernel.config_hash);
  }
}

void add(TreeResults& all, TreeResults part) {
  for (const KernelIdentity& kernel : part.kernels) add(all.kernels, kernel, part.title);
  if (!all.machines.empty() && !part.machines.empty() &&
      all.machines.front().machine != part.machines.front().machine) {
    throw cannotMerge("the shards booted {} in different machines: {} and {}", part.title,
                      all.machines.front().machine, part.machines.front().machine);
  }
  std::move(part.machines.begin(), part.machines.end(), std::back_inserter(all.machines));
  all.notes.insert(all.notes.end(), part.notes.begin(), part.notes.end());
  all.notes = distinct(all.notes);
  if (part.failure) all.failure = part.failure;
  all.total += part.total;
}

}  // namespace

std::string shardJson(ShardRecord record, const std::filesystem::path& directory) {
  for (TreeResults& tree : record.results.trees) {
    for (MachineResult& machine : tree.machines) {
      machine.console_log =
          std::filesystem::path(machine.console_log).lexically_relative(directory);
    }
  }
  const Json json = {{"format", kFormat},
                     {"shard", record.shard},
                     {"run", record.run},
                     {"guest", record.guest},
                     {"results", record.results}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

void removeShard(const std::filesystem::path& directory) {
  std::error_code ignored;
  std::filesystem::remove(directory / kShardFile, ignored);
}

ShardRecord readShard(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kShardFile;
  const std::string text = readFile(file);
  if (text.empty()) {
    throw cannotMerge(
        "{} is missing: name the output directories of `run --shard I/N --out "
        "DIR`, which must not have been interrupted",
        file.string());
  }
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kFormat) throw std::out_of_range("another format");
    ShardRecord record;
    json.at("shard").get_to(record.shard);
    json.at("run").get_to(record.run);
    json.at("guest").get_to(record.guest);
    json.at("results").get_to(record.results);
    for (TreeResults& tree : record.results.trees) {
      for (MachineResult& machine : tree.machines) {
        if (!machine.console_log.empty()) machine.console_log = directory / machine.console_log;
      }
    }
    return record;
  } catch (const std::exception& problem) {
    throw cannotMerge(
        "{} cannot be read ({}): is it from another version of this "
        "project, or damaged?",
        file.string(), problem.what());
  }
}

Results merged(std::vector<ShardRecord> records) {
  checkComplete(records);
  std::ranges::sort(records, {}, [](const ShardRecord& record) { return record.shard.index; });
  Results all = records.front().results;
  all.trees.clear();
  for (ShardRecord& record : records) {
    all.total = std::max(all.total, record.results.total);
    for (TreeResults& part : record.results.trees) {
      const auto tree = std::ranges::find(all.trees, part.title, &TreeResults::title);
      if (tree == all.trees.end()) {
        all.trees.push_back(std::move(part));
      } else {
        add(*tree, std::move(part));
      }
    }
  }
  checkAnyCase(all);
  for (TreeResults& tree : all.trees) requireThatSomethingRan(tree, all.trees.size() == 1);
  return all;
}

}  // namespace runner
