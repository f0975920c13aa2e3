// SPDX-License-Identifier: GPL-2.0-only
#include "runner/results/comparison.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "runner/results/verdict.h"

namespace runner {
namespace {

Proof proofOf(Verdict off, Verdict on, bool may_fail) {
  if (isBad(on)) return Proof::fails;
  if (on != Verdict::pass) return Proof::unknown;
  if (off == Verdict::fail) return may_fail ? Proof::proves : Proof::unknown;
  if (off == Verdict::pass) return Proof::guards;
  return Proof::unknown;
}

}  // namespace

bool mayFailWithoutSeries(const CaseResult& result, const std::vector<std::string>& guards) {
  const bool is_oracle = result.subject == "plain" && !result.requirement.starts_with('D');
  return !is_oracle && std::ranges::count(guards, result.requirement) == 0;
}

bool isExpectedFailure(const TreeResults& tree, const MachineResult& machine,
                       const CaseResult& result) {
  return tree.comparesSides() && !machine.series_on && result.verdict == Verdict::fail &&
         mayFailWithoutSeries(result, tree.guards);
}

CaseResult reported(const TreeResults& tree, const MachineResult& machine,
                    const CaseResult& result) {
  CaseResult copy = result;
  if (isExpectedFailure(tree, machine, result)) {
    copy.verdict = Verdict::xfail;
    copy.reason = "without the series";
  }
  return copy;
}

std::string_view nameOf(Proof proof) {
  // In the order of Proof.
  static constexpr std::array kNames = {"proves", "guards", "unknown", "fails"};
  return kNames.at(static_cast<std::size_t>(proof));
}

std::vector<CaseOutcome> outcomesOf(const TreeResults& tree) {
  const bool both = tree.comparesSides();
  std::map<std::string, Verdict> off;
  std::vector<CaseOutcome> outcomes;
  for (const MachineResult& machine : tree.machines) {
    for (const CaseResult& result : machine.cases) {
      if (both && !machine.series_on) off[result.fullName()] = result.verdict;
    }
  }
  for (const MachineResult& machine : tree.machines) {
    if (both && !machine.series_on) continue;
    for (const CaseResult& result : machine.cases) {
      CaseOutcome outcome{result, {}};
      (machine.series_on || machine.own_kernel ? outcome.on : outcome.off) = result.verdict;
      if (both) {
        const auto found = off.find(result.fullName());
        outcome.off = found == off.end() ? Verdict::lost : found->second;
        outcome.proof =
            proofOf(*outcome.off, result.verdict, mayFailWithoutSeries(result, tree.guards));
      }
      outcomes.push_back(std::move(outcome));
    }
  }
  return outcomes;
}

std::size_t countOf(Proof proof, const std::vector<CaseOutcome>& cases) {
  return static_cast<std::size_t>(std::ranges::count(cases, proof, &Outcome::proof));
}

}  // namespace runner
