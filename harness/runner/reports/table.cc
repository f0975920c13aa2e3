// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/table.h"

#include <fmt/core.h>

#include "runner/base/words.h"
#include "runner/reports/failures.h"
#include "runner/reports/grid.h"
#include "runner/reports/summary.h"
#include "runner/results/exit_status.h"

namespace runner {
namespace {

std::string head(const RunResults& results, const Style& style) {
  std::string text;
  for (const KernelIdentity& kernel : results.kernels) {
    text += labelled(text.empty() ? "kernel" : "",
                     fmt::format("Linux {}, {}, in {}", kernel.release,
                                 seriesInWords(results, kernel), machinesInWords(results)),
                     style);
  }
  text += labelled("source", results.kernels.front().source, style);
  for (const std::string& note : results.notes) text += labelled("note", note, style);
  return text;
}

// Why cases were skipped or failed as expected, each reason once.
std::string reasons(const RunResults& results, Verdict verdict, const Style& style) {
  std::string text;
  for (const auto& [reason, count] : reasonsOf(results, verdict)) {
    text += reasonLine(verdict, reason, count, style);
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

std::string summary(const RunResults& results, const std::string& reports, const Style& style) {
  return reasons(results, Verdict::skip, style) + reasons(results, Verdict::xfail, style) +
         labelled("times", times(results), style) + labelled("reports", reports, style) + '\n' +
         lastLine(judge(results), outcomeInWords(results), style);
}

}  // namespace

std::string table(const RunResults& results, const std::string& reports, const Style& style) {
  const bool both = results.kernels.size() == 2;
  std::string text = head(results, style) + '\n';
  text += both ? comparisonGrid(results, style) : requirementGrid(results, style);
  text += '\n';
  text += failureReport(results, style, {.in_full = placeOfFailures(reports)});
  text += summary(results, reports, style);
  return text;
}

}  // namespace runner
