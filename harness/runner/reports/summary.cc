// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "runner/base/words.h"
#include "runner/results/comparison.h"
#include "runner/results/exit_status.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// With two kernels: cases without the series that count against the run.
std::size_t unexpectedWithout(const TreeResults& tree) {
  std::size_t count = 0;
  for (const MachineResult& machine : tree.machines) {
    if (machine.series_on) continue;
    count += static_cast<std::size_t>(std::ranges::count_if(machine.cases, [&](const auto& each) {
      return isBad(each.verdict) && !isExpectedFailure(tree, machine, each);
    }));
  }
  return count;
}

std::string aboutTheSeries(const TreeResults& tree) {
  const auto cases = outcomesOf(tree);
  std::string text =
      fmt::format(" with the series; {} prove it, {} guard it, {} fail, {} say nothing",
                  countOf(Proof::proves, cases), countOf(Proof::guards, cases),
                  countOf(Proof::fails, cases), countOf(Proof::unknown, cases));
  if (const std::size_t unexpected = unexpectedWithout(tree); unexpected > 0) {
    text += fmt::format("; without it, {} that must pass did not", counted(unexpected, "case"));
  }
  return text;
}

}  // namespace

std::string inCapitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return capitals;
}

Cell cellOf(Verdict verdict, const Style& style) {
  if (verdict == Verdict::pass) return {style.unicode ? "\u2713" : "ok", Tone::good};
  if (isBad(verdict)) return {inCapitals(nameOf(verdict)), Tone::bad};
  return {std::string(nameOf(verdict)), Tone::warning};
}

Tone toneOf(Proof proof) {
  if (proof == Proof::fails) return Tone::bad;
  return proof == Proof::unknown ? Tone::warning : Tone::good;
}

std::string paint(const Cell& cell, const Style& style) {
  return paint(cell.text, cell.tone, style);
}

void WorstVerdict::add(Verdict verdict) {
  worst_ = worse(worst_, verdict);
  any_skipped_ |= verdict == Verdict::skip;
}

Cell WorstVerdict::cell(const Style& style) const {
  Cell cell = cellOf(worst_, style);
  if (worst_ != Verdict::pass || !any_skipped_) return cell;
  return {cell.text + "+skip", Tone::warning};
}

std::string_view inWords(const KernelFailure& failure) {
  return failure.status == ExitStatus::build ? "not built" : "not judged";
}

std::string titleOf(const TreeResults& tree, const MachineResult& machine) {
  if (!tree.comparesSides()) return machine.filesystem;
  return fmt::format("{} series {}", machine.filesystem, machine.side());
}

std::string seriesInWords(const TreeResults& tree, const KernelIdentity& kernel) {
  const bool own = !tree.machines.empty() && tree.machines.front().own_kernel;
  return (own ? "your own" : "series " + kernel.series) + kernel.laneInWords();
}

std::string machinesInWords(const TreeResults& tree) {
  return listed(distinct(tree.machines, &MachineResult::machine));
}

std::string countsInWords(const std::vector<CaseResult>& cases) {
  std::vector<std::string> words;
  for (const Verdict verdict :
       {Verdict::pass, Verdict::fail, Verdict::xpass, Verdict::error, Verdict::panic,
        Verdict::splat, Verdict::timeout, Verdict::lost, Verdict::xfail, Verdict::skip}) {
    const auto count = std::ranges::count(cases, verdict, &CaseResult::verdict);
    if (count != 0) words.push_back(fmt::format("{} {}", count, entryOf(verdict).past));
  }
  return words.empty() ? "no case" : listed(words);
}

std::string outcomeInWords(const TreeResults& tree) {
  if (tree.failure) return std::string(inWords(*tree.failure));
  const bool both = tree.comparesSides();
  std::vector<CaseResult> all;
  std::string machines;
  for (const MachineResult& machine : tree.machines) {
    if (!both || machine.series_on) {
      all.insert(all.end(), machine.cases.begin(), machine.cases.end());
    }
    if (isBad(machine.verdict)) {
      machines +=
          fmt::format("; the machine on {}: {}", machine.filesystem, nameOf(machine.verdict));
    }
  }
  return countsInWords(all) + (both ? aboutTheSeries(tree) : "") + machines +
         (provesNothing(tree) ? "; no case that ran proves the series" : "");
}

std::string_view passWord(ExitStatus status) {
  return status == ExitStatus::pass ? "PASS" : "NOT PASSED";
}

Tone toneOf(ExitStatus status) {
  return status == ExitStatus::pass ? Tone::good : Tone::bad;
}

}  // namespace runner
