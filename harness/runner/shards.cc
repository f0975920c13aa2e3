// SPDX-License-Identifier: GPL-2.0
#include "runner/shards.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "runner/verdict.h"

namespace runner {
namespace {

struct Part {
  const char* name;
  const char* filter;
  bool plain;
};

constexpr Part kParts[] = {{"plain", "*/plain", true}, {"overlay", "*/overlay:*/volatile", false}};

bool canBeDivided(const MachinePlan& plan) {
  const auto& arguments = plan.boot.arguments;
  return plan.skip_reason.empty() &&
         std::find(arguments.begin(), arguments.end(), "--filter") == arguments.end();
}

MachinePlan partOf(const MachinePlan& plan, const Part& part) {
  MachinePlan shard = plan;
  shard.cases.clear();
  std::copy_if(plan.cases.begin(), plan.cases.end(), std::back_inserter(shard.cases),
               [&](const PlannedCase& each) { return (each.subject == "plain") == part.plain; });
  shard.boot.arguments.insert(shard.boot.arguments.end(), {"--filter", part.filter});
  const auto& log = plan.boot.console_log;
  shard.boot.console_log =
      log.parent_path() / (log.stem().string() + '-' + part.name + log.extension().string());
  shard.result.console_log = shard.boot.console_log.string();
  return shard;
}

void append(std::string& text, const std::string& more, const char* separator) {
  if (!text.empty() && !more.empty()) text += separator;
  text += more;
}

// One console for both: the report has one file for each filesystem.
void appendFile(const std::string& file, const std::string& more) {
  std::ifstream source(more, std::ios::binary);
  if (!source || source.peek() == std::ifstream::traits_type::eof()) return;
  std::ofstream(file, std::ios::binary | std::ios::app) << source.rdbuf();
}

// Adds the result of a second machine to that of the first.
void add(MachineResult& result, MachineResult&& other) {
  std::move(other.cases.begin(), other.cases.end(), std::back_inserter(result.cases));
  std::move(other.console_tail.begin(), other.console_tail.end(),
            std::back_inserter(result.console_tail));
  result.verdict = worse(result.verdict, other.verdict);
  append(result.detail, other.detail, "; ");
  appendFile(result.console_log, other.console_log);
  if (result.kernel.empty()) result.kernel = other.kernel;
  result.boot = std::max(result.boot, other.boot);
  result.total = std::max(result.total, other.total);
}

}  // namespace

std::vector<MachinePlan> divided(const std::vector<MachinePlan>& plans, unsigned jobs) {
  if (plans.size() * std::size(kParts) > jobs) return plans;
  std::vector<MachinePlan> shards;
  for (const MachinePlan& plan : plans) {
    if (!canBeDivided(plan)) {
      shards.push_back(plan);
      continue;
    }
    for (const Part& part : kParts) shards.push_back(partOf(plan, part));
  }
  return shards;
}

std::vector<MachineResult> united(std::vector<MachineResult> results,
                                  const std::vector<MachinePlan>& whole) {
  if (results.size() <= whole.size()) return results;
  std::vector<MachineResult> machines;
  for (MachineResult& result : results) {
    const auto same = std::find_if(machines.begin(), machines.end(), [&](const auto& machine) {
      return machine.filesystem == result.filesystem && machine.series_on == result.series_on;
    });
    if (same == machines.end()) {
      machines.push_back(std::move(result));
    } else {
      add(*same, std::move(result));
    }
  }
  // Back into the order of the plans.
  for (std::size_t i = 0; i < machines.size() && i < whole.size(); ++i) {
    const auto position = [&](const CaseResult& result) {
      const auto& cases = whole[i].cases;
      return std::find_if(
                 cases.begin(), cases.end(),
                 [&](const PlannedCase& each) { return each.fullName() == result.fullName(); }) -
             cases.begin();
    };
    std::stable_sort(
        machines[i].cases.begin(), machines[i].cases.end(),
        [&](const CaseResult& a, const CaseResult& b) { return position(a) < position(b); });
  }
  return machines;
}

}  // namespace runner
