// SPDX-License-Identifier: GPL-2.0
#include "runner/results/outcomes.h"

namespace runner {

std::vector<CaseOutcome> outcomesOf(const RunResults& results) {
  std::vector<CaseOutcome> outcomes;
  if (results.kernels.size() == 2) {
    for (const ComparedCase& each : compare(results)) {
      outcomes.push_back({each.name,
                          each.requirement,
                          each.filesystem,
                          each.subject,
                          {each.off, each.on, each.proof}});
    }
    return outcomes;
  }
  for (const MachineResult& machine : results.machines) {
    for (const CaseResult& each : machine.cases) {
      Outcome outcome;
      (machine.series_on || machine.own_kernel ? outcome.on : outcome.off) = each.verdict;
      outcomes.push_back({each.name, each.requirement, each.filesystem, each.subject, outcome});
    }
  }
  return outcomes;
}

}  // namespace runner
