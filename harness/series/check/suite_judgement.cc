// SPDX-License-Identifier: GPL-2.0
#include "series/check/suite_judgement.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/results/verdict.h"

namespace runner {

namespace {

bool has(const Verdicts& verdicts, const std::string& name, Verdict verdict) {
  const auto found = verdicts.find(name);
  return found != verdicts.end() && found->second == verdict;
}

std::string broken(const std::string& name) {
  return fmt::format("{} passes without the patch and fails with it", name);
}

// The letters of the rows that a series is for: "b-volatile-failstop" is for those of B. A is also
// for V, what volatile mounts are to keep and what they gain by it.
std::string rowsOf(const std::string& series) {
  constexpr char kToCapital = 'A' - 'a';
  const std::string own(1, static_cast<char>(series.front() + kToCapital));
  return own == "A" ? "AV" : own;
}

}  // namespace

PatchInSeries placeOf(const std::vector<PatchFindings>& patches, std::size_t index, bool whole) {
  PatchInSeries place;
  const bool end = index + 1 == patches.size();
  place.last = end || patches[index + 1].series != patches[index].series;
  if (end && whole) return place;
  place.rows_of_others = "ABCV";
  for (std::size_t i = 0; i <= index; ++i) {
    for (const char row : rowsOf(patches[i].series)) std::erase(place.rows_of_others, row);
  }
  return place;
}

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
    if (!without.contains(name) && !without.empty()) {
      complaints.push_back(
          fmt::format("{} is {}, and was not run without the patch", name, nameOf(verdict)));
    }
    const bool passed_before = has(without, name, Verdict::pass);
    if (verdict == Verdict::skip && passed_before) {
      complaints.push_back(fmt::format("{} passes without the patch and is skipped with it", name));
    }
    if (!isBad(verdict)) continue;
    if (verdict != Verdict::fail) {
      complaints.push_back(fmt::format("{}: {}", name, nameOf(verdict)));
    } else if (passed_before) {
      complaints.push_back(broken(name));
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

std::vector<std::string> complaintsOfBroken(const Verdicts& without, const Verdicts& with) {
  std::vector<std::string> complaints;
  for (const auto& [name, verdict] : with) {
    if (verdict == Verdict::fail && has(without, name, Verdict::pass)) {
      complaints.push_back(broken(name));
    }
  }
  return complaints;
}

void keepFailuresOf(const Verdicts& again, Verdicts& verdicts) {
  for (auto& [name, verdict] : verdicts) {
    if (verdict == Verdict::pass && has(again, name, Verdict::fail)) verdict = Verdict::fail;
  }
}

std::vector<std::string> complaintsOfSeries(const Verdicts& without, const Verdicts& with) {
  const bool proven = std::any_of(with.begin(), with.end(), [&](const auto& named) {
    return named.second == Verdict::pass && has(without, named.first, Verdict::fail);
  });
  if (proven) return {};
  return {"no case fails before this series and passes with it: nothing shows that it works"};
}

}  // namespace runner
