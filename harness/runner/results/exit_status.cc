// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/exit_status.h"

#include <algorithm>
#include <array>
#include <set>

#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// For several trees; the statuses of verdicts are in the order of kVerdicts.
constexpr std::array kWorstTreeFirst = {
    ExitStatus::build,   ExitStatus::environment, ExitStatus::panic, ExitStatus::splat,
    ExitStatus::timeout, ExitStatus::lost,        ExitStatus::error, ExitStatus::fail,
};

// The status of the worst verdict. counts(machine, case): whether the case counts.
template <typename Counts>
ExitStatus worstOf(const TreeResults& tree, const Counts& counts) {
  Verdict worst = Verdict::skip;
  for (const MachineResult& machine : tree.machines) {
    worst = worse(worst, machine.verdict);
    for (const CaseResult& result : machine.cases) {
      if (counts(machine, result)) worst = worse(worst, result.verdict);
    }
  }
  return statusOf(worst);
}

template <typename Judge>
ExitStatus worstTree(const Results& results, const Judge& judge) {
  std::set<ExitStatus> statuses;
  for (const TreeResults& tree : results.trees) statuses.insert(judge(tree));
  const auto* worst = std::ranges::find_if(
      kWorstTreeFirst, [&](ExitStatus status) { return statuses.contains(status); });
  return worst == kWorstTreeFirst.end() ? ExitStatus::pass : *worst;
}

}  // namespace

bool provesNothing(const TreeResults& tree) {
  return tree.comparesSides() && countOf(Proof::proves, outcomesOf(tree)) == 0;
}

ExitStatus judge(const TreeResults& tree) {
  if (tree.failure) return tree.failure->status;
  const ExitStatus status =
      worstOf(tree, [&](const MachineResult& machine, const CaseResult& result) {
        return !isExpectedFailure(tree, machine, result);
      });
  return status == ExitStatus::pass && provesNothing(tree) ? ExitStatus::fail : status;
}

ExitStatus judge(const Results& results) {
  return worstTree(results, [](const TreeResults& tree) { return judge(tree); });
}

ExitStatus judgePart(const Results& part) {
  return worstTree(part, [](const TreeResults& tree) {
    if (tree.failure) return tree.failure->status;
    return worstOf(tree, [](const MachineResult&, const CaseResult& result) {
      return result.verdict != Verdict::fail;
    });
  });
}

}  // namespace runner
