// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/judgement.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "runner/base/words.h"
#include "runner/results/verdict.h"

namespace runner {

MutantResult judgeMutant(const Mutant& mutant, const std::vector<MachineResult>& machines) {
  MutantResult result{mutant, Fate::survived, ""};
  std::map<std::string, std::size_t> besides;
  bool own_case_ran = false;
  // An unforeseen panic or hang does not prove that a case works.
  const auto foreseen = [&](Verdict verdict) {
    return std::ranges::count(mutant.kills, verdict) != 0;
  };
  for (const MachineResult& machine : machines) {
    for (const CaseResult& each : machine.cases) {
      const bool own = std::ranges::count(mutant.requirements, each.requirement) != 0;
      own_case_ran = own_case_ran || (own && each.reached && each.verdict != Verdict::skip);
      if (!isBad(each.verdict) || !each.reached) continue;
      if (each.verdict == Verdict::fail || each.verdict == Verdict::xpass) {
        (own ? result.own : result.others).push_back(each);
      } else if (foreseen(each.verdict)) {
        result.own.push_back(each);
      } else {
        ++besides[fmt::format("{} in {}", nameOf(each.verdict), each.requirement)];
      }
    }
    // The verdict of the machine, outside of any case.
    if (!isBad(machine.verdict)) continue;
    if (foreseen(machine.verdict)) {
      CaseResult& kill = result.own.emplace_back();
      kill.requirement = mutant.requirements.front();
      kill.filesystem = machine.filesystem;
      kill.verdict = machine.verdict;
    } else {
      besides[fmt::format("the machine: {}", nameOf(machine.verdict))] = 1;
    }
  }
  if (!result.own.empty()) {
    result.fate = Fate::killed;
  } else if (!result.others.empty()) {
    result.fate = Fate::killed_by_others;
  } else if (!own_case_ran) {
    result.detail = "no case of " + listed(mutant.requirements) + " was run";
  }
  for (const auto& [what, count] : besides) {
    result.detail += (result.detail.empty() ? "" : "; ") + what;
    if (count > 1) result.detail += fmt::format(" ({} cases)", count);
  }
  return result;
}

std::string whyUndetectable(const std::vector<std::string>& requirements,
                            const std::vector<MachineResult>& machines) {
  std::string reason;
  for (const MachineResult& machine : machines) {
    for (const CaseResult& result : machine.cases) {
      if (std::ranges::count(requirements, result.requirement) == 0) continue;
      if (result.verdict != Verdict::skip) return "";
      if (reason.empty()) reason = result.reason;
    }
  }
  if (reason.empty()) return "";
  return fmt::format("every case of {} is skipped: {}", listed(requirements), reason);
}

ExitStatus judge(const std::vector<MutantResult>& results) {
  ExitStatus status = ExitStatus::pass;
  for (const MutantResult& result : results) {
    if (result.fate == Fate::not_built) return ExitStatus::build;
    if (result.fate == Fate::survived || result.fate == Fate::killed_by_others) {
      status = ExitStatus::fail;
    }
  }
  return status;
}

}  // namespace runner
