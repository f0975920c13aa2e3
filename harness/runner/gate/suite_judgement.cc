// SPDX-License-Identifier: GPL-2.0
#include "runner/gate/suite_judgement.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/verdict.h"

namespace runner {

Verdicts verdictsOf(const std::vector<MachineResult>& machines) {
  Verdicts verdicts;
  for (const MachineResult& machine : machines) {
    for (const CaseResult& result : machine.cases) verdicts[result.fullName()] = result.verdict;
    if (machine.verdict != Verdict::pass) verdicts[machine.filesystem] = machine.verdict;
  }
  return verdicts;
}

std::vector<std::string> complaintsOf(const Verdicts& without, const Verdicts& with,
                                      const PatchInSeries& patch) {
  std::vector<std::string> complaints;
  if (with.empty()) complaints.emplace_back("no case was run");
  for (const auto& [name, verdict] : with) {
    const auto before = without.find(name);
    if (before == without.end() && !without.empty()) {
      complaints.push_back(
          fmt::format("{} is {}, and was not run without the patch", name, nameOf(verdict)));
    }
    const bool passed_before = before != without.end() && before->second == Verdict::pass;
    if (verdict == Verdict::skip && passed_before) {
      complaints.push_back(fmt::format("{} passes without the patch and is skipped with it", name));
    }
    if (!isBad(verdict)) continue;
    if (verdict != Verdict::fail) {
      complaints.push_back(fmt::format("{}: {}", name, nameOf(verdict)));
    } else if (passed_before) {
      complaints.push_back(fmt::format("{} passes without the patch and fails with it", name));
    } else if (patch.last && patch.rows_of_others.find(name.front()) == std::string::npos) {
      complaints.push_back(fmt::format("{} fails, and the series is complete", name));
    }
  }
  for (const auto& [name, verdict] : without) {
    if (!with.contains(name) && !isBad(verdict)) {
      complaints.push_back(fmt::format("{} was not run with the patch", name));
    }
  }
  return complaints;
}

std::vector<std::string> brokenCases(const Verdicts& without, const Verdicts& with) {
  std::vector<std::string> broken;
  for (const auto& [name, verdict] : with) {
    const auto before = without.find(name);
    const bool passed_before = before != without.end() && before->second == Verdict::pass;
    if (passed_before && verdict == Verdict::fail) broken.push_back(name);
  }
  return broken;
}

void keepFailuresOf(const Verdicts& again, Verdicts& verdicts) {
  for (auto& [name, verdict] : verdicts) {
    const auto found = again.find(name);
    const bool fails = found != again.end() && found->second == Verdict::fail;
    if (verdict == Verdict::pass && fails) verdict = Verdict::fail;
  }
}

std::vector<std::string> complaintsOfSeries(const Verdicts& without, const Verdicts& with) {
  const bool proven = std::any_of(with.begin(), with.end(), [&](const auto& named) {
    const auto before = without.find(named.first);
    return named.second == Verdict::pass && before != without.end() &&
           before->second == Verdict::fail;
  });
  if (proven) return {};
  return {"no case fails before this series and passes with it: nothing shows that it works"};
}

}  // namespace runner
