// SPDX-License-Identifier: GPL-2.0
#include "runner/report/table.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "runner/comparison.h"
#include "runner/exit_status.h"
#include "runner/report/failures.h"
#include "runner/report/grid.h"
#include "runner/verdict.h"

namespace runner {
namespace {

constexpr std::size_t kLabel = 9;

std::string labelled(std::string_view label, const std::string& text, const Style& style) {
  std::string lines;
  for (const std::string& line : wrap(text, style.width - kLabel)) {
    lines += paint(pad(lines.empty() ? label : "", kLabel), Tone::faint, style) + line + '\n';
  }
  return lines;
}

// The machines' names, each once: "User-Mode Linux".
std::string machinesOf(const RunResults& results) {
  std::vector<std::string> names;
  for (const MachineResult& machine : results.machines) {
    if (std::find(names.begin(), names.end(), machine.machine) == names.end()) {
      names.push_back(machine.machine);
    }
  }
  return listed(names);
}

std::string head(const RunResults& results, const Style& style) {
  const bool own = !results.machines.empty() && results.machines.front().own_kernel;
  std::string text;
  for (const KernelIdentity& kernel : results.kernels) {
    text += labelled(text.empty() ? "kernel" : "",
                     fmt::format("Linux {}, {}{}, in {}", kernel.release,
                                 own ? "your own" : "series " + kernel.series,
                                 kernel.debug ? ", debug" : "", machinesOf(results)),
                     style);
  }
  text += labelled("source", results.kernels.front().source, style);
  for (const std::string& note : results.notes) text += labelled("note", note, style);
  return text;
}

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

// Why cases were skipped or failed as expected, each reason once.
std::string reasons(const RunResults& results, Verdict verdict, const Style& style) {
  std::map<std::string, std::size_t> counts;
  for (const MachineResult& machine : results.machines) {
    for (const CaseResult& result : machine.cases) {
      if (result.verdict == verdict) ++counts[result.reason];
    }
  }
  std::string text;
  for (const auto& [reason, count] : counts) {
    text += labelled(nameOf(verdict),
                     fmt::format("{}: {}", counted(count, "case"),
                                 reason.empty() ? "no reason given" : printable(reason)),
                     style);
  }
  return text;
}

std::string times(const RunResults& results) {
  std::string text;
  for (const MachineResult& machine : results.machines) {
    if (machine.total.count() == 0) continue;
    const bool both = results.kernels.size() == 2;
    text += fmt::format("{}{}{} {} (boot {})", text.empty() ? "" : ", ", machine.filesystem,
                        both ? (machine.series_on ? " on" : " off") : "", inWords(machine.total),
                        inWords(machine.boot));
  }
  return text + (text.empty() ? "" : "; ") + "whole run " + inWords(results.total);
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

std::string summary(const RunResults& results, const std::string& reports, const Style& style) {
  std::string text = reasons(results, Verdict::skip, style) +
                     reasons(results, Verdict::xfail, style) +
                     labelled("times", times(results), style);
  if (!reports.empty()) text += labelled("reports", reports, style);

  std::vector<CaseResult> all;
  const bool both = results.kernels.size() == 2;
  for (const MachineResult& machine : results.machines) {
    if (both && !machine.series_on) continue;
    all.insert(all.end(), machine.cases.begin(), machine.cases.end());
  }
  std::string counts = countsInWords(all);
  if (both) {
    const auto compared = compare(results);
    counts += fmt::format(" with the series; {} prove it, {} guard it, {} fail, {} say nothing",
                          countOf(Proof::proves, compared), countOf(Proof::guards, compared),
                          countOf(Proof::fails, compared), countOf(Proof::unknown, compared));
    const std::size_t unexpected = unexpectedWithout(results);
    if (unexpected > 0) {
      counts += fmt::format("; without it {} did not pass that must", counted(unexpected, "case"));
    }
  }
  for (const MachineResult& machine : results.machines) {
    if (isBad(machine.verdict)) {
      counts += fmt::format("; the machine on {}: {}", machine.filesystem, nameOf(machine.verdict));
    }
  }
  if (provesNothing(results)) counts += "; nothing that was run proves the series";
  const ExitStatus status = judge(results);
  const Tone tone = status == ExitStatus::pass ? Tone::good : Tone::bad;
  const std::string_view word = status == ExitStatus::pass ? "PASS" : "NOT PASSED";
  text += '\n';
  for (const std::string& line : wrap(fmt::format("{}: {}", word, counts), style.width)) {
    text += paint(line, tone, style) + '\n';
  }
  return text;
}

}  // namespace

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

std::string table(const RunResults& results, const std::string& reports, const Style& style) {
  const bool both = results.kernels.size() == 2;
  std::string text = head(results, style) + '\n';
  text += both ? comparisonGrid(results, style) : requirementGrid(results, style);
  text += '\n';
  text += failureReport(results, style, {.in_full = reports + "/failures.txt"});
  text += summary(results, reports, style);
  return text;
}

}  // namespace runner
