// SPDX-License-Identifier: GPL-2.0
#include "runner/shard_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "runner/failure.h"
#include "runner/read_file.h"
#include "runner/report/text.h"
#include "runner/verdict.h"

namespace runner {

using Json = nlohmann::json;

// What nlohmann/json finds by argument-dependent lookup, to write and to read.
NLOHMANN_JSON_SERIALIZE_ENUM(ExitStatus, {{ExitStatus::pass, 0},
                                          {ExitStatus::fail, 1},
                                          {ExitStatus::usage, 2},
                                          {ExitStatus::error, 3},
                                          {ExitStatus::timeout, 4},
                                          {ExitStatus::panic, 5},
                                          {ExitStatus::splat, 6},
                                          {ExitStatus::lost, 7},
                                          {ExitStatus::build, 8},
                                          {ExitStatus::environment, 9}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Shard, index, count)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KernelIdentity, tree, release, source, series, base, fuzzy,
                                   image, key, config_hash, compiler, debug)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KernelFailure, status, what, command)

namespace {

constexpr int kFormat = 1;

Json jsonOf(const CaseResult& result) {
  return {{"name", result.name},
          {"requirement", result.requirement},
          {"filesystem", result.filesystem},
          {"subject", result.subject},
          {"verdict", std::string(nameOf(result.verdict))},
          {"reason", result.reason},
          {"failures", result.failures},
          {"faults", result.faults},
          {"console", result.console},
          {"milliseconds", result.duration.count()},
          {"reached", result.reached}};
}

Verdict verdictOf(const Json& json) {
  const std::string name = json.at("verdict").get<std::string>();
  if (const auto verdict = verdictNamed(name)) return *verdict;
  throw std::out_of_range("an unknown verdict: " + name);
}

CaseResult caseOf(const Json& json) {
  CaseResult result;
  json.at("name").get_to(result.name);
  json.at("requirement").get_to(result.requirement);
  json.at("filesystem").get_to(result.filesystem);
  json.at("subject").get_to(result.subject);
  result.verdict = verdictOf(json);
  json.at("reason").get_to(result.reason);
  json.at("failures").get_to(result.failures);
  json.at("faults").get_to(result.faults);
  json.at("console").get_to(result.console);
  result.duration = std::chrono::milliseconds(json.at("milliseconds").get<std::int64_t>());
  json.at("reached").get_to(result.reached);
  return result;
}

Json jsonOf(const MachineResult& machine) {
  Json cases = Json::array();
  for (const CaseResult& result : machine.cases) cases.push_back(jsonOf(result));
  return {{"filesystem", machine.filesystem},   {"machine", machine.machine},
          {"kernel", machine.kernel},           {"series_on", machine.series_on},
          {"own_kernel", machine.own_kernel},   {"verdict", std::string(nameOf(machine.verdict))},
          {"detail", machine.detail},           {"console_tail", machine.console_tail},
          {"console_log", machine.console_log}, {"command", machine.command},
          {"boot", machine.boot.count()},       {"total", machine.total.count()},
          {"cases", std::move(cases)}};
}

MachineResult machineOf(const Json& json) {
  MachineResult machine;
  json.at("filesystem").get_to(machine.filesystem);
  json.at("machine").get_to(machine.machine);
  json.at("kernel").get_to(machine.kernel);
  json.at("series_on").get_to(machine.series_on);
  json.at("own_kernel").get_to(machine.own_kernel);
  machine.verdict = verdictOf(json);
  json.at("detail").get_to(machine.detail);
  json.at("console_tail").get_to(machine.console_tail);
  json.at("console_log").get_to(machine.console_log);
  json.at("command").get_to(machine.command);
  machine.boot = std::chrono::milliseconds(json.at("boot").get<std::int64_t>());
  machine.total = std::chrono::milliseconds(json.at("total").get<std::int64_t>());
  for (const Json& each : json.at("cases")) machine.cases.push_back(caseOf(each));
  return machine;
}

Json jsonOf(const MatrixResults::Tree& tree) {
  const RunResults& results = tree.results;
  Json machines = Json::array();
  for (const MachineResult& machine : results.machines) machines.push_back(jsonOf(machine));
  return {{"title", tree.title},
          {"version", results.version},
          {"kernels", results.kernels},
          {"machines", std::move(machines)},
          {"failure", results.failure ? Json(*results.failure) : Json()},
          {"requirements", results.requirements},
          {"filter", results.filter},
          {"notes", results.notes},
          {"total", results.total.count()}};
}

MatrixResults::Tree treeOf(const Json& json) {
  MatrixResults::Tree tree;
  RunResults& results = tree.results;
  json.at("title").get_to(tree.title);
  json.at("version").get_to(results.version);
  json.at("kernels").get_to(results.kernels);
  for (const Json& each : json.at("machines")) results.machines.push_back(machineOf(each));
  if (!json.at("failure").is_null()) results.failure = json.at("failure").get<KernelFailure>();
  json.at("requirements").get_to(results.requirements);
  json.at("filter").get_to(results.filter);
  json.at("notes").get_to(results.notes);
  results.total = std::chrono::milliseconds(json.at("total").get<std::int64_t>());
  return tree;
}

Failure cannotMerge(const std::string& why) {
  return {ExitStatus::usage, "merge: " + why};
}

void checkComplete(const std::vector<ShardRecord>& records) {
  const ShardRecord& first = records.front();
  std::set<unsigned> seen;
  for (const ShardRecord& record : records) {
    if (record.run != first.run || record.shard.count != first.shard.count) {
      throw cannotMerge(
          fmt::format("these are of different runs:\n  {} --shard {}\n  {} --shard {}", first.run,
                      first.shard.text(), record.run, record.shard.text()));
    }
    if (record.results.version != first.results.version) {
      throw cannotMerge(fmt::format("shard {} was made with version {}, and shard {} with {}",
                                    first.shard.text(), first.results.version, record.shard.text(),
                                    record.results.version));
    }
    if (!seen.insert(record.shard.index).second) {
      throw cannotMerge(fmt::format("shard {} is there twice", record.shard.text()));
    }
  }
  std::vector<std::string> missing;
  for (unsigned index = 1; index <= first.shard.count; ++index) {
    if (!seen.contains(index)) missing.push_back(Shard{index, first.shard.count}.text());
  }
  if (!missing.empty()) {
    throw cannotMerge(
        fmt::format("of `{}` these shards are missing: {}", first.run, listed(missing)));
  }
}

// One kernel of a tree, which several shards may have booted.
void add(std::vector<KernelIdentity>& kernels, const KernelIdentity& kernel,
         const std::string& title) {
  // Also those without the series and with it have to be of one kind.
  for (const KernelIdentity& other : kernels) {
    if (other.release != kernel.release || other.source != kernel.source ||
        other.compiler != kernel.compiler || other.debug != kernel.debug) {
      throw cannotMerge(
          fmt::format("the shards have judged different kernels of {}: {} ({}, {}) "
                      "and {} ({}, {})",
                      title, other.release, other.source, other.compiler, kernel.release,
                      kernel.source, kernel.compiler));
    }
  }
  const auto same = std::find_if(kernels.begin(), kernels.end(), [&](const KernelIdentity& other) {
    return other.series == kernel.series;
  });
  if (same == kernels.end()) {
    kernels.push_back(kernel);
  } else if (same->key != kernel.key || same->release != kernel.release) {
    throw cannotMerge(
        fmt::format("the shards have judged different kernels of {}: {} ({}) and {} "
                    "({})",
                    title, same->release, same->key, kernel.release, kernel.key));
  }
}

void add(RunResults& all, RunResults part, const std::string& title) {
  for (const KernelIdentity& kernel : part.kernels) add(all.kernels, kernel, title);
  if (!all.machines.empty() && !part.machines.empty() &&
      all.machines.front().machine != part.machines.front().machine) {
    throw cannotMerge(fmt::format("the shards have booted {} in different machines: {} and {}",
                                  title, all.machines.front().machine,
                                  part.machines.front().machine));
  }
  std::move(part.machines.begin(), part.machines.end(), std::back_inserter(all.machines));
  for (const std::string& note : part.notes) addOnce(all.notes, note);
  if (part.failure) all.failure = part.failure;
  all.total += part.total;
}

}  // namespace

std::string shardJson(const ShardRecord& record, const std::filesystem::path& folder) {
  Json trees = Json::array();
  for (MatrixResults::Tree tree : record.results.trees) {
    for (MachineResult& machine : tree.results.machines) {
      machine.console_log = std::filesystem::path(machine.console_log).lexically_relative(folder);
    }
    trees.push_back(jsonOf(tree));
  }
  const Json json = {{"format", kFormat},
                     {"shard", record.shard},
                     {"run", record.run},
                     {"version", record.results.version},
                     {"total", record.results.total.count()},
                     {"trees", std::move(trees)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

ShardRecord readShard(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "shard.json";
  const std::string text = readFile(file);
  if (text.empty()) {
    throw cannotMerge(
        fmt::format("{} is missing: name the folders that `run --shard I/N --out "
                    "DIR` has written",
                    file.string()));
  }
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kFormat) throw std::out_of_range("another format");
    ShardRecord record;
    json.at("shard").get_to(record.shard);
    json.at("run").get_to(record.run);
    json.at("version").get_to(record.results.version);
    record.results.total = std::chrono::milliseconds(json.at("total").get<std::int64_t>());
    for (const Json& tree : json.at("trees")) record.results.trees.push_back(treeOf(tree));
    for (MatrixResults::Tree& tree : record.results.trees) {
      for (MachineResult& machine : tree.results.machines) {
        if (!machine.console_log.empty()) machine.console_log = folder / machine.console_log;
      }
    }
    return record;
  } catch (const std::exception& problem) {
    throw cannotMerge(
        fmt::format("{} cannot be read ({}): is it of another version of this "
                    "project, or damaged?",
                    file.string(), problem.what()));
  }
}

MatrixResults merged(const std::vector<ShardRecord>& records) {
  checkComplete(records);
  std::vector<const ShardRecord*> order;
  for (const ShardRecord& record : records) order.push_back(&record);
  std::sort(order.begin(), order.end(), [](const ShardRecord* one, const ShardRecord* other) {
    return one->shard.index < other->shard.index;
  });
  MatrixResults matrix;
  matrix.version = records.front().results.version;
  for (const ShardRecord* record : order) {
    matrix.total = std::max(matrix.total, record->results.total);
    for (const MatrixResults::Tree& part : record->results.trees) {
      const auto tree = std::find_if(matrix.trees.begin(), matrix.trees.end(),
                                     [&](const auto& each) { return each.title == part.title; });
      if (tree == matrix.trees.end()) {
        matrix.trees.push_back(part);
      } else {
        add(tree->results, part.results, part.title);
      }
    }
  }
  return matrix;
}

}  // namespace runner
