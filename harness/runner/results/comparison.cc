// SPDX-License-Identifier: GPL-2.0
#include "runner/results/comparison.h"

#include <algorithm>
#include <map>

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
  return result.subject != "plain" && std::ranges::count(guards, result.requirement) == 0;
}

bool isExpectedFailure(const RunResults& results, const MachineResult& machine,
                       const CaseResult& result) {
  return results.kernels.size() == 2 && !machine.series_on && result.verdict == Verdict::fail &&
         mayFailWithoutSeries(result, results.guards);
}

std::string_view nameOf(Proof proof) {
  switch (proof) {
    case Proof::proves:
      return "proves";
    case Proof::guards:
      return "guards";
    case Proof::fails:
      return "fails";
    case Proof::unknown:
      return "unknown";
  }
  return "unknown";
}

std::vector<ComparedCase> compare(const RunResults& results) {
  std::map<std::string, Verdict> off;
  for (const MachineResult& machine : results.machines) {
    if (machine.series_on) continue;
    for (const CaseResult& result : machine.cases) off[result.fullName()] = result.verdict;
  }
  std::vector<ComparedCase> compared;
  for (const MachineResult& machine : results.machines) {
    if (!machine.series_on) continue;
    for (const CaseResult& result : machine.cases) {
      const auto found = off.find(result.fullName());
      const Verdict before = found == off.end() ? Verdict::lost : found->second;
      compared.push_back(
          {result.name, result.requirement, result.filesystem, result.subject, before,
           result.verdict,
           proofOf(before, result.verdict, mayFailWithoutSeries(result, results.guards))});
    }
  }
  return compared;
}

std::size_t countOf(Proof proof, const std::vector<ComparedCase>& cases) {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const ComparedCase& each) { return each.proof == proof; }));
}

}  // namespace runner
