// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "runner/base/guest_text.h"
#include "runner/reports/formats.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// One line, and no '#', which would begin a directive.
std::string oneLine(std::string_view text) {
  std::string line = printable(text);
  std::ranges::replace(line, '#', ' ');
  return line;
}

std::string directiveOf(Verdict verdict, std::string_view reason) {
  // Reasons may have several lines; a result is one.
  std::string words(reason);
  std::ranges::replace(words, '\n', ' ');
  words = oneLine(words);
  switch (verdict) {
    case Verdict::pass:
    case Verdict::fail:
    case Verdict::xpass:  // KTAP 1 has no directive for it
      return words.empty() ? "" : " # " + words;
    case Verdict::skip:
    case Verdict::xfail:
    case Verdict::timeout:
      return fmt::format(" # {} {}", inCapitals(nameOf(verdict)), words);
    default:
      return fmt::format(" # ERROR {}: {}", nameOf(verdict), words);
  }
}

std::string resultLine(std::size_t number, std::string_view name, Verdict verdict,
                       std::string_view reason) {
  return fmt::format("{} {} {}{}\n", isBad(verdict) ? "not ok" : "ok", number, oneLine(name),
                     directiveOf(verdict, reason));
}

std::string diagnostics(std::string_view indent, std::string_view label,
                        const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string_view text : texts) {
    for (const std::string& line : printableLines(text)) {
      lines += fmt::format("{}# {}: {}\n", indent, label, line);
    }
  }
  return lines;
}

// For a tree without a kernel, which has no machines.
std::string kernelResult(const KernelFailure& failure) {
  return fmt::format("1..1\n{}{}", diagnostics("", inWords(failure), {failure.what}),
                     resultLine(1, "kernel", Verdict::error, inWords(failure)));
}

std::string subtest(const TreeResults& tree, const MachineResult& machine, Verdict& worst) {
  constexpr std::string_view kIndent = "  ";
  std::string text = fmt::format("{0}KTAP version 1\n{0}# Subtest: {1}\n{0}1..{2}\n", kIndent,
                                 oneLine(titleOf(tree, machine)), machine.cases.size());
  std::size_t number = 0;
  worst = machine.verdict == Verdict::pass ? Verdict::skip : machine.verdict;
  for (const CaseResult& result : machine.cases) {
    const CaseResult told = reported(tree, machine, result);
    const bool xpass = told.verdict == Verdict::xpass;
    worst = worse(worst, told.verdict);
    if (xpass) text += diagnostics(kIndent, "unexpected pass", {told.reason});
    if (told.verdict != Verdict::pass) {
      text += diagnostics(kIndent, "got", told.failures);
      text += diagnostics(kIndent, "broken", told.faults);
      text += diagnostics(kIndent, "console", told.console);
    }
    text += kIndent;
    text += resultLine(++number, told.name + '/' + told.subject, told.verdict,
                       xpass ? "" : told.reason);
  }
  return text;
}

}  // namespace

std::string ktap(const Results& /*results*/, const TreeResults& tree) {
  std::string text = "KTAP version 1\n";
  for (const KernelIdentity& kernel : tree.kernels) {
    text += fmt::format("# Linux {}, source {}, series {}\n", oneLine(kernel.release),
                        oneLine(kernel.source), oneLine(kernel.series));
  }
  if (tree.failure) return text + kernelResult(*tree.failure);
  text += fmt::format("1..{}\n", tree.machines.size());
  std::size_t number = 0;
  for (const MachineResult& machine : tree.machines) {
    Verdict worst = Verdict::pass;
    text += subtest(tree, machine, worst);
    const bool all_skipped = worst == Verdict::skip;
    if (!isBad(worst) && !all_skipped) worst = Verdict::pass;
    // If only its cases failed, the machine has no reason of its own.
    if (isBad(worst) && worst != machine.verdict) worst = Verdict::fail;
    text += resultLine(++number, titleOf(tree, machine), worst, machine.detail);
  }
  return text;
}

}  // namespace runner
