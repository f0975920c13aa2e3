// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/summary.h"

#include <fmt/core.h>

#include <algorithm>

#include "runner/base/option_words.h"
#include "runner/base/words.h"
#include "runner/reports/cells.h"
#include "runner/results/comparison.h"
#include "runner/results/exit_status.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

std::string_view inPast(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "passed";
    case Verdict::fail:
      return "failed";
    case Verdict::skip:
      return "skipped";
    case Verdict::xfail:
      return "failed as expected";
    case Verdict::xpass:
      return "passed unexpectedly";
    case Verdict::timeout:
      return "timed out";
    case Verdict::panic:
      return "panicked";
    case Verdict::splat:
      return "made the kernel complain";
    case Verdict::lost:
      return "lost";
    case Verdict::error:
      return "in error";
  }
  return "in error";
}

// Cases of the side without the series, of two, that count against the run.
std::size_t unexpectedWithout(const RunResults& results) {
  std::size_t count = 0;
  for (const MachineResult& machine : results.machines) {
    if (machine.series_on) continue;
    for (const CaseResult& result : machine.cases) {
      count += isBad(result.verdict) && !isExpectedFailure(results, machine, result) ? 1 : 0;
    }
  }
  return count;
}

std::string aboutTheSeries(const RunResults& results) {
  const auto compared = compare(results);
  std::string text =
      fmt::format(" with the series; {} prove it, {} guard it, {} fail, {} say nothing",
                  countOf(Proof::proves, compared), countOf(Proof::guards, compared),
                  countOf(Proof::fails, compared), countOf(Proof::unknown, compared));
  const std::size_t unexpected = unexpectedWithout(results);
  if (unexpected > 0) {
    text += fmt::format("; without it {} did not pass that must", counted(unexpected, "case"));
  }
  return text;
}

}  // namespace

std::string machinesInWords(const RunResults& results) {
  std::vector<std::string> names;
  for (const MachineResult& machine : results.machines) addOnce(names, machine.machine);
  return listed(names);
}

std::string seriesInWords(const RunResults& results, const KernelIdentity& kernel) {
  const bool own = !results.machines.empty() && results.machines.front().own_kernel;
  return (own ? "your own" : "series " + kernel.series) + (kernel.debug ? ", debug" : "");
}

std::string countsInWords(const std::vector<CaseResult>& cases) {
  std::string text;
  for (const Verdict verdict :
       {Verdict::pass, Verdict::fail, Verdict::xpass, Verdict::error, Verdict::panic,
        Verdict::splat, Verdict::timeout, Verdict::lost, Verdict::xfail, Verdict::skip}) {
    const auto count = std::count_if(cases.begin(), cases.end(), [&](const CaseResult& each) {
      return each.verdict == verdict;
    });
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, inPast(verdict));
  }
  return text.empty() ? "no case" : text;
}

std::string outcomeInWords(const RunResults& results) {
  if (results.failure) return std::string(inWords(*results.failure));
  std::vector<CaseResult> all;
  const bool both = results.kernels.size() == 2;
  for (const MachineResult& machine : results.machines) {
    if (both && !machine.series_on) continue;
    all.insert(all.end(), machine.cases.begin(), machine.cases.end());
  }
  std::string text = countsInWords(all);
  if (both) text += aboutTheSeries(results);
  for (const MachineResult& machine : results.machines) {
    if (isBad(machine.verdict)) {
      text += fmt::format("; the machine on {}: {}", machine.filesystem, nameOf(machine.verdict));
    }
  }
  if (provesNothing(results)) text += "; nothing that was run proves the series";
  return text;
}

std::map<std::string, std::size_t> reasonsOf(const RunResults& results, Verdict verdict) {
  std::map<std::string, std::size_t> counts;
  for (const MachineResult& machine : results.machines) {
    for (const CaseResult& result : machine.cases) {
      if (result.verdict == verdict) ++counts[result.reason];
    }
  }
  return counts;
}

std::string reasonLine(Verdict verdict, const std::string& reason, std::size_t count,
                       const Style& style, const std::string& behind) {
  return labelled(nameOf(verdict),
                  fmt::format("{}: {}{}", counted(count, "case"),
                              reason.empty() ? "no reason given" : reason, behind),
                  style);
}

std::string_view passWord(ExitStatus status) {
  return status == ExitStatus::pass ? "PASS" : "NOT PASSED";
}

Tone toneOf(ExitStatus status) {
  return status == ExitStatus::pass ? Tone::good : Tone::bad;
}

std::string lastLine(ExitStatus status, const std::string& outcome, const Style& style) {
  std::string text;
  for (const std::string& line :
       wrap(fmt::format("{}: {}", passWord(status), outcome), style.width)) {
    text += paint(line, toneOf(status), style) + '\n';
  }
  return text;
}

}  // namespace runner
