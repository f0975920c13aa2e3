// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "runner/base/words.h"
#include "runner/results/verdict.h"
#include "sys/setup_error.h"

namespace runner {
namespace {

// Fewer take less time than another boot.
constexpr std::size_t kFewestCases = 100;

bool boots(const MachinePlan& plan) {
  return plan.skip_reason.empty() && !plan.cases.empty();
}

unsigned partsOf(const MachinePlan& plan, unsigned cpus_each) {
  if (!boots(plan)) return 1;
  return static_cast<unsigned>(
      std::clamp<std::size_t>(plan.cases.size() / kFewestCases, 1, cpus_each));
}

MachinePlan partOf(const MachinePlan& plan, const sys::Part& which) {
  MachinePlan part = plan;
  part.part = which;
  if (which.count == 1) return part;
  std::erase_if(part.cases, [&](const PlannedCase& each) { return !which.has(each.name); });
  part.boot.arguments.insert(part.boot.arguments.end(), {"--part", which.text()});
  part.boot.console_log += fmt::format(".{}", which.index);
  part.result.console_log = part.boot.console_log.string();
  return part;
}

void appendLog(const std::string& from, const std::string& to) {
  std::ifstream log(from, std::ios::binary);
  if (!log) return;  // the machine never began
  std::ofstream all(to, std::ios::binary | std::ios::app);
  if (log.peek() != std::ifstream::traits_type::eof()) all << log.rdbuf();
  if (!all.flush()) throw sys::SetupError("write", to, errno);
}

void join(MachineResult& joined, MachineResult part) {
  if (joined.kernel.empty()) joined.kernel = part.kernel;
  if (joined.detail.empty()) {
    joined.detail = part.detail;
  } else if (!part.detail.empty() && part.detail != joined.detail) {
    joined.detail += "; " + part.detail;
  }
  if (joined.console_tail.empty() || worse(part.verdict, joined.verdict) != joined.verdict) {
    joined.console_tail = std::move(part.console_tail);
  }
  joined.verdict = worse(joined.verdict, part.verdict);
  for (const std::string& each : part.quirks_asked) addOnce(joined.quirks_asked, each);
  for (const std::string& each : part.quirks_found) addOnce(joined.quirks_found, each);
  for (const std::string& each : part.notes) addOnce(joined.notes, each);
  for (const std::string& each : part.lacks) addOnce(joined.lacks, each);
  joined.boot = std::max(joined.boot, part.boot);
  joined.total = std::max(joined.total, part.total);
  std::ranges::move(part.cases, std::back_inserter(joined.cases));
  appendLog(part.console_log, joined.console_log);
}

// What was not planned comes last.
void sortAsPlanned(std::vector<CaseResult>& results, const std::vector<PlannedCase>& planned) {
  std::map<std::string, std::size_t> order;
  for (const PlannedCase& each : planned) order.emplace(each.fullName(), order.size());
  std::ranges::stable_sort(results, {}, [&](const CaseResult& each) {
    const auto found = order.find(each.fullName());
    return found == order.end() ? order.size() : found->second;
  });
}

}  // namespace

std::vector<MachinePlan> inParts(const std::vector<MachinePlan>& plans, unsigned jobs) {
  const unsigned cpus = jobs == 0 ? std::thread::hardware_concurrency() : jobs;
  const auto machines = static_cast<unsigned>(std::ranges::count_if(plans, boots));
  const unsigned cpus_each = std::max(cpus / std::max(machines, 1U), 1U);
  std::vector<MachinePlan> parts;
  for (const MachinePlan& plan : plans) {
    const unsigned count = partsOf(plan, cpus_each);
    for (unsigned i = 1; i <= count; ++i) parts.push_back(partOf(plan, {i, count}));
  }
  return parts;
}

std::vector<MachineResult> joinParts(const std::vector<MachinePlan>& plans,
                                     const std::vector<MachinePlan>& parts,
                                     std::vector<MachineResult> results) {
  std::vector<MachineResult> joined;
  auto plan = plans.begin();
  for (std::size_t i = 0; i < parts.size(); ++plan) {
    const std::size_t count = parts[i].part.count;
    if (count == 1) {
      joined.push_back(std::move(results[i++]));
      continue;
    }
    MachineResult whole = plan->result;
    whole.verdict = results[i].verdict;
    for (const std::size_t end = i + count; i < end; ++i) join(whole, std::move(results[i]));
    sortAsPlanned(whole.cases, plan->cases);
    joined.push_back(std::move(whole));
  }
  return joined;
}

}  // namespace runner
