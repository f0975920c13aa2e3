// SPDX-License-Identifier: GPL-2.0
#include "runner/exit_status.h"

#include "runner/comparison.h"
#include "runner/verdict.h"

namespace runner {

ExitStatus judge(const RunResults& results) {
  const bool both = results.kernels.size() == 2;
  Verdict worst = Verdict::skip;
  for (const MachineResult& machine : results.machines) {
    const bool control = both && !machine.series_on;
    const auto take = [&](Verdict verdict) {
      const bool expected = control && statusOf(verdict) == ExitStatus::fail;
      if (!expected) worst = worse(worst, verdict);
    };
    take(machine.verdict);
    for (const CaseResult& result : machine.cases) take(result.verdict);
  }
  const ExitStatus status = statusOf(worst);
  if (both && status == ExitStatus::pass && countOf(Proof::proves, compare(results)) == 0) {
    return ExitStatus::fail;
  }
  return status;
}

}  // namespace runner
