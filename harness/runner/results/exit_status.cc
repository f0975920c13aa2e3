// SPDX-License-Identifier: GPL-2.0
#include "runner/results/exit_status.h"

#include <algorithm>
#include <array>

#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// Of several trees; the statuses of verdicts are in the order of kWorstFirst.
constexpr std::array kWorstTreeFirst = {
    ExitStatus::build,   ExitStatus::environment, ExitStatus::panic, ExitStatus::splat,
    ExitStatus::timeout, ExitStatus::lost,        ExitStatus::error, ExitStatus::fail,
};

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

template <typename Judge>
ExitStatus worstOf(const MatrixResults& matrix, const Judge& judge) {
  for (const ExitStatus status : kWorstTreeFirst) {
    const bool is_of_any =
        std::any_of(matrix.trees.begin(), matrix.trees.end(),
                    [&](const MatrixResults::Tree& tree) { return judge(tree.results) == status; });
    if (is_of_any) return status;
  }
  return ExitStatus::pass;
}

}  // namespace

bool provesNothing(const RunResults& results) {
  return results.kernels.size() == 2 && countOf(Proof::proves, compare(results)) == 0;
}

ExitStatus judge(const RunResults& results) {
  if (results.failure) return results.failure->status;
  const ExitStatus status = statusOf(worstOf(results));
  return status == ExitStatus::pass && provesNothing(results) ? ExitStatus::fail : status;
}

ExitStatus judge(const MatrixResults& matrix) {
  return worstOf(matrix, [](const RunResults& results) { return judge(results); });
}

ExitStatus judgePart(const MatrixResults& part) {
  return worstOf(part, [](const RunResults& results) {
    if (results.failure) return results.failure->status;
    Verdict worst = Verdict::skip;
    for (const MachineResult& machine : results.machines) {
      worst = worse(worst, machine.verdict);
      for (const CaseResult& result : machine.cases) {
        if (result.verdict != Verdict::fail) worst = worse(worst, result.verdict);
      }
    }
    return statusOf(worst);
  });
}

}  // namespace runner
