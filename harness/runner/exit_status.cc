// SPDX-License-Identifier: GPL-2.0
#include "runner/exit_status.h"

#include "runner/comparison.h"
#include "runner/verdict.h"

namespace runner {

namespace {

Verdict worstOf(const RunResults& results) {
  Verdict worst = Verdict::skip;
  for (const MachineResult& machine : results.machines) {
    worst = worse(worst, machine.verdict);
    for (const CaseResult& result : machine.cases) {
      if (!isExpectedFailure(results, machine, result)) worst = worse(worst, result.verdict);
    }
  }
  return worst;
}

}  // namespace

bool provesNothing(const RunResults& results) {
  return results.kernels.size() == 2 && countOf(Proof::proves, compare(results)) == 0;
}

ExitStatus judge(const RunResults& results) {
  const ExitStatus status = statusOf(worstOf(results));
  return status == ExitStatus::pass && provesNothing(results) ? ExitStatus::fail : status;
}

}  // namespace runner
