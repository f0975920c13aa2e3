// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "runner/base/cache.h"
#include "runner/reports/formats.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/exit_status.h"
#include "runner/results/json_text.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

template <typename Range, typename Convert>
Json arrayOf(const Range& range, const Convert& convert) {
  Json array = Json::array();
  for (const auto& each : range) array.push_back(convert(each));
  return array;
}

Json jsonOf(const CaseResult& result) {
  Json object = {{"case", result.name},
                 {"requirement", result.requirement},
                 {"filesystem", result.filesystem},
                 {"subject", result.subject},
                 {"verdict", nameOf(result.verdict)},
                 {"reason", result.reason},
                 {"reached", result.reached},
                 {"milliseconds", result.duration.count()},
                 {"failures", result.failures},
                 {"faults", result.faults}};
  if (result.verdict != Verdict::pass) object["console"] = result.console;
  return object;
}

// null for cases, which count none.
Json pairsOf(const MachineResult& machine) {
  const Pairs& pairs = machine.pairs;
  if (pairs.possible == 0) return nullptr;
  return {{"possible", pairs.possible}, {"covered", pairs.covered}, {"missing", pairs.missing}};
}

Json jsonOf(const MachineResult& machine) {
  return {{"filesystem", machine.filesystem},
          {"machine", machine.machine},
          {"kernel", machine.kernel},
          {"series", machine.own_kernel ? "not ours" : machine.side()},
          {"verdict", nameOf(machine.verdict)},
          {"detail", machine.detail},
          {"boot_milliseconds", machine.boot.count()},
          {"total_milliseconds", machine.total.count()},
          {"console_log", machine.console_log},
          {"console_tail", machine.console_tail},
          {"pairs", pairsOf(machine)},
          {"quirks", {{"asked", machine.quirks_asked}, {"found", machine.quirks_found}}},
          {"command", machine.command},
          {"cases", arrayOf(machine.cases, [](const auto& each) { return jsonOf(each); })}};
}

Json kernelsOf(const TreeResults& tree) {
  return arrayOf(tree.kernels, [](const auto& each) { return jsonOf(each); });
}

// Why there is no kernel; null when there is one.
Json failureOf(const TreeResults& tree) {
  if (!tree.failure) return nullptr;
  return {{"exit_status", static_cast<int>(tree.failure->status)},
          {"what", tree.failure->what},
          {"command", tree.failure->command}};
}

// How many cases have each verdict.
Json countsOf(const TreeResults& tree) {
  Json counts = Json::object();
  for (const VerdictEntry& entry : kVerdicts) {
    counts[std::string(entry.name)] =
        std::ranges::count(tree.cases(), entry.verdict, &CaseResult::verdict);
  }
  return counts;
}

// One of several trees.
Json jsonOf(const TreeResults& tree) {
  // With two kernels the second one has the series.
  const KernelIdentity* kernel = tree.kernels.empty() ? nullptr : &tree.kernels.back();
  return {{"tree", tree.title},
          {"release", kernel ? Json(kernel->release) : Json()},
          {"source", kernel ? Json(kernel->source) : Json()},
          {"series", kernel ? Json(kernel->series) : Json()},
          {"machine", tree.machines.empty() ? Json() : Json(machinesInWords(tree))},
          {"exit_status", static_cast<int>(judge(tree))},
          {"failure", failureOf(tree)},
          {"counts", countsOf(tree)},
          {"notes", tree.notes},
          {"kernels", kernelsOf(tree)}};
}

template <typename Value>
Json orNull(const std::optional<Value>& value) {
  return value ? Json(nameOf(*value)) : Json();
}

Json jsonOf(const CaseOutcome& each, const std::string& title) {
  return {{"case", each.name},       {"requirement", each.requirement},
          {"tree", title},           {"filesystem", each.filesystem},
          {"subject", each.subject}, {"off", orNull(each.off)},
          {"on", orNull(each.on)},   {"proof", orNull(each.proof)}};
}

// The members that all reports begin with, followed by `own`.
std::string written(const Results& results, ExitStatus status, std::chrono::milliseconds total,
                    const Json& own) {
  Json object = {{"format", kJsonFormat},
                 {"version", results.version},
                 {"exit_status", static_cast<int>(status)},
                 {"interrupted", results.interrupted},
                 {"total_milliseconds", total.count()}};
  object.update(own);
  return textOf(object);
}

}  // namespace

std::string json(const Results& results, const TreeResults& tree) {
  return written(
      results, judge(tree), tree.total,
      {{"counts", countsOf(tree)},
       {"notes", tree.notes},
       {"requirements", results.requirements},
       {"failure", failureOf(tree)},
       {"kernels", kernelsOf(tree)},
       {"machines", arrayOf(tree.machines, [](const auto& each) { return jsonOf(each); })}});
}

std::string matrixJson(const Results& results) {
  Json cases = Json::array();
  for (const TreeResults& tree : results.trees) {
    for (const CaseOutcome& each : outcomesOf(tree)) cases.push_back(jsonOf(each, tree.title));
  }
  return written(results, judge(results), results.total,
                 {{"trees", arrayOf(results.trees, [](const auto& each) { return jsonOf(each); })},
                  {"cases", std::move(cases)}});
}

std::optional<std::vector<std::string>> namesIn(const std::filesystem::path& report,
                                                const char* list, const char* key) {
  const Json json = Json::parse(readFile(report), nullptr, false);
  if (!json.is_object() || !json.contains("format") || !json.contains(list)) return std::nullopt;
  std::vector<std::string> names;
  for (const Json& each : json[list]) {
    const bool there = each.is_object() && each.contains(key) && each[key].is_string();
    names.push_back(there ? each[key].get<std::string>() : "");
  }
  return names;
}

}  // namespace runner
