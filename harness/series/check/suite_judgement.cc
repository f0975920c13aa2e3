// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/suite_judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "runner/results/verdict.h"

namespace runner {

namespace {

bool has(const Verdicts& verdicts, const std::string& name, Verdict verdict) {
  const auto found = verdicts.find(name);
  return found != verdicts.end() && found->second == verdict;
}

// Whether a case may fail without the series that have these requirements. D is about the
// filesystem below; what that has recorded, an overlay reports with A.
bool needsOneOf(const std::vector<std::string>& requirements, const std::string& name) {
  const bool needs_a = name.starts_with('D') && !name.ends_with("/plain");
  return std::ranges::any_of(requirements, [&](const std::string& requirement) {
    return name.starts_with(requirement + '.') || (needs_a && requirement.starts_with('A'));
  });
}

std::string broken(const std::string& name) {
  return fmt::format("{} passes without the patch and fails with it", name);
}

}  // namespace

PatchInSeries placeOf(const std::vector<PatchFindings>& patches, std::size_t index, bool whole,
                      const std::vector<SeriesEntry>& entries) {
  PatchInSeries place;
  const bool end = index + 1 == patches.size();
  place.last = end || patches[index + 1].series != patches[index].series;
  if (end && whole) return place;
  const std::span so_far(patches.begin(), index + 1);
  for (const SeriesEntry& entry : entries) {
    if (std::ranges::find(so_far, entry.name, &PatchFindings::series) != so_far.end()) continue;
    place.of_others.insert(place.of_others.end(), entry.proves.begin(), entry.proves.end());
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
    } else if (patch.last && !needsOneOf(patch.of_others, name)) {
      complaints.push_back(fmt::format("{} fails although the series is complete", name));
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

std::vector<std::string> complaintsOfSeries(const Verdicts& without, const Verdicts& with,
                                            const PatchInSeries& last) {
  const bool proven = std::any_of(with.begin(), with.end(), [&](const auto& named) {
    return named.second == Verdict::pass && has(without, named.first, Verdict::fail) &&
           !needsOneOf(last.of_others, named.first);
  });
  if (proven) return {};
  return {"no case fails before this series and passes with it: nothing shows that it works"};
}

}  // namespace runner
