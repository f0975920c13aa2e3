// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generated_judgement.h"

#include <algorithm>

#include "runner/mutants/until_killed.h"

namespace runner {

void settle(GeneratedResult& result, const std::optional<CaseResult>& kill,
            const std::map<std::string, std::string>& equivalents) {
  const auto listed = equivalents.find(result.mutant.name);
  const bool is_listed = listed != equivalents.end();
  if (kill) {
    result.fate = is_listed ? GeneratedFate::killed_as_listed : GeneratedFate::killed;
    result.detail = killInWords(*kill);
  } else {
    result.fate = is_listed ? GeneratedFate::equivalent : GeneratedFate::survived;
    result.detail = is_listed ? listed->second : "";
  }
}

ExitStatus judge(const GeneratedRun& run) {
  const bool bad = std::ranges::any_of(run.results, [](const GeneratedResult& each) {
    return each.fate == GeneratedFate::survived || each.fate == GeneratedFate::killed_as_listed;
  });
  return bad || !run.stale.empty() ? ExitStatus::fail : ExitStatus::pass;
}

}  // namespace runner
