// SPDX-License-Identifier: GPL-2.0
#include "runner/mutants/judgement.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "runner/base/text.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Judgement {
 public:
  explicit Judgement(const Mutant& mutant) { result_.mutant = mutant; }

  void take(const MachineResult& machine) {
    for (const CaseResult& result : machine.cases) take(result);
    // What befell the machine outside of any case.
    if (!isBad(machine.verdict)) return;
    if (counts(machine.verdict)) {
      result_.own.push_back(
          {result_.mutant.requirements.front(), "", machine.filesystem, "", machine.verdict});
    } else {
      notes_[fmt::format("the machine: {}", nameOf(machine.verdict))] = 1;
    }
  }

  MutantResult end() && {
    if (!result_.own.empty()) {
      result_.fate = Fate::killed;
    } else if (!result_.others.empty()) {
      result_.fate = Fate::killed_by_others;
    } else {
      result_.fate = Fate::survived;
      if (!own_case_ran_) {
        result_.detail = "no case of " + listed(result_.mutant.requirements) + " was run";
      }
    }
    for (const auto& [what, count] : notes_) {
      result_.detail += fmt::format("{}{}", result_.detail.empty() ? "" : "; ", what);
      if (count > 1) result_.detail += fmt::format(" ({} cases)", count);
    }
    return std::move(result_);
  }

 private:
  // A panic or a hang that nobody foresaw is no proof that a case works.
  bool counts(Verdict verdict) const {
    const auto& kills = result_.mutant.kills;
    return std::find(kills.begin(), kills.end(), verdict) != kills.end();
  }

  void take(const CaseResult& result) {
    const bool own = contains(result_.mutant.requirements, result.requirement);
    if (own && result.reached && result.verdict != Verdict::skip) own_case_ran_ = true;
    if (!isBad(result.verdict) || !result.reached) return;
    const Kill kill{result.requirement, result.name, result.filesystem, result.subject,
                    result.verdict};
    if (result.verdict == Verdict::fail || result.verdict == Verdict::xpass) {
      (own ? result_.own : result_.others).push_back(kill);
    } else if (counts(result.verdict)) {
      result_.own.push_back(kill);
    } else {
      ++notes_[fmt::format("{} in {}", nameOf(result.verdict), result.requirement)];
    }
  }

  MutantResult result_;
  bool own_case_ran_ = false;
  std::map<std::string, std::size_t> notes_;
};

}  // namespace

std::string Kill::text() const {
  std::string where = name.empty() ? "" : fmt::format("{}/{}", name, subject);
  if (isOfCase(verdict)) return where;
  return fmt::format("a {}{}{}", nameOf(verdict), where.empty() ? "" : " in ", where);
}

MutantResult judgeMutant(const Mutant& mutant, const std::vector<MachineResult>& machines) {
  Judgement judgement(mutant);
  for (const MachineResult& machine : machines) judgement.take(machine);
  return std::move(judgement).end();
}

std::string whyNobodyCanTell(const std::vector<std::string>& requirements,
                             const std::vector<MachineResult>& machines) {
  std::string reason;
  for (const MachineResult& machine : machines) {
    for (const CaseResult& result : machine.cases) {
      if (!contains(requirements, result.requirement)) continue;
      if (result.verdict != Verdict::skip) return "";
      if (reason.empty()) reason = result.reason;
    }
  }
  if (reason.empty()) return "";
  return fmt::format("every case of {} is a skip there: {}", listed(requirements), reason);
}

MutantResult notBuilt(const Mutant& mutant, const std::string& why) {
  MutantResult result;
  result.mutant = mutant;
  result.fate = Fate::not_built;
  result.detail = why;
  return result;
}

MutantResult notRun(const Mutant& mutant, const std::string& why) {
  MutantResult result;
  result.mutant = mutant;
  result.fate = Fate::not_run;
  result.detail = why;
  return result;
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
