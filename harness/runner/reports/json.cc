// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/reports/json_parts.h"
#include "runner/results/exit_status.h"
#include "runner/results/verdict.h"
#include "runner/run/disks.h"

namespace runner {
namespace {

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

Json jsonOf(const MachineResult& machine) {
  Json cases = Json::array();
  for (const CaseResult& result : machine.cases) cases.push_back(jsonOf(result));
  return {{"filesystem", machine.filesystem},
          {"machine", machine.machine},
          {"kernel", machine.kernel},
          {"series", machine.own_kernel  ? "not ours"
                     : machine.series_on ? "on"
                                         : "off"},
          {"verdict", nameOf(machine.verdict)},
          {"detail", machine.detail},
          {"boot_milliseconds", machine.boot.count()},
          {"total_milliseconds", machine.total.count()},
          {"console_log", machine.console_log},
          {"console_tail", machine.console_tail},
          {"command", machine.command},
          {"cases", std::move(cases)}};
}

Json seriesOf(const Trees& trees) {
  Json list = Json::array();
  for (const SeriesEntry& entry : trees.series) {
    Json with = Json::array();
    for (const Tree& tree : trees.all) {
      const auto is_entry = [&](const auto& folder) { return folder.filename() == entry.name; };
      if (std::ranges::any_of(tree.series, is_entry)) with.push_back(tree.name);
    }
    list.push_back({{"series", entry.name},
                    {"proves", entry.proves},
                    {"guards", entry.guards},
                    {"trees", std::move(with)}});
  }
  return list;
}

}  // namespace

std::string json(const RunResults& results) {
  Json kernels = Json::array();
  for (const KernelIdentity& kernel : results.kernels) kernels.push_back(jsonOf(kernel));
  Json machines = Json::array();
  for (const MachineResult& machine : results.machines) machines.push_back(jsonOf(machine));
  return written({{"format", kJsonFormat},
                  {"version", results.version},
                  {"exit_status", static_cast<int>(judge(results))},
                  {"interrupted", results.interrupted},
                  {"total_milliseconds", results.total.count()},
                  {"counts", countsOf(results)},
                  {"notes", results.notes},
                  {"requirements", results.requirements},
                  {"failure", failureOf(results)},
                  {"kernels", std::move(kernels)},
                  {"machines", std::move(machines)}});
}

std::string json(const std::vector<ListedCase>& cases, const Trees& trees) {
  Json names = Json::array();
  for (const Tree& tree : trees.all) names.push_back(tree.name);
  Json list = Json::array();
  std::vector<std::string> subjects;
  for (const ListedCase& each : cases) {
    list.push_back({{"case", each.name},
                    {"requirement", each.requirement},
                    {"text", each.text},
                    {"subjects", each.subjects}});
    for (const std::string& subject : each.subjects) {
      if (std::find(subjects.begin(), subjects.end(), subject) == subjects.end()) {
        subjects.push_back(subject);
      }
    }
  }
  return written({{"format", kJsonFormat},
                  {"cases", std::move(list)},
                  {"requirements", requirementsOf(cases)},
                  {"subjects", subjects},
                  {"filesystems", knownFilesystems()},
                  {"trees", std::move(names)},
                  {"series", seriesOf(trees)}});
}

}  // namespace runner
