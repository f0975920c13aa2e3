// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/ktap.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/cells.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// One line, and no '#', which would begin a directive.
std::string oneLine(std::string_view text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '#', ' ');
  return line;
}

std::string directiveOf(Verdict verdict, std::string_view reason) {
  // Reasons may have several lines; a result is one.
  std::string words(reason);
  std::replace(words.begin(), words.end(), '\n', ' ');
  words = oneLine(words);
  switch (verdict) {
    case Verdict::pass:
    case Verdict::fail:
    case Verdict::xpass:  // KTAP 1 has no word for it
      return words.empty() ? "" : " # " + words;
    case Verdict::skip:
      return " # SKIP " + words;
    case Verdict::xfail:
      return " # XFAIL " + words;
    case Verdict::timeout:
      return " # TIMEOUT " + words;
    case Verdict::panic:
    case Verdict::splat:
    case Verdict::lost:
    case Verdict::error:
      return fmt::format(" # ERROR {}: {}", nameOf(verdict), words);
  }
  return "";
}

std::string resultLine(std::size_t number, std::string_view name, Verdict verdict,
                       std::string_view reason) {
  return fmt::format("{} {} {}{}\n", isBad(verdict) ? "not ok" : "ok", number, oneLine(name),
                     directiveOf(verdict, reason));
}

std::string diagnostics(std::string_view indent, std::string_view label,
                        const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    while (true) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines += fmt::format("{}# {}: {}\n", indent, label, printable(rest.substr(0, end)));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }
  return lines;
}

// In the place of the machines that a tree without a kernel does not have.
std::string kernelResult(const KernelFailure& failure) {
  return fmt::format("1..1\n{}{}", diagnostics("", inWords(failure), {failure.what}),
                     resultLine(1, "kernel", Verdict::error, inWords(failure)));
}

std::string nameOfMachine(const MachineResult& machine, bool both) {
  if (!both) return machine.filesystem;
  return machine.filesystem + (machine.series_on ? " series on" : " series off");
}

std::string subtest(const RunResults& results, const MachineResult& machine, std::string_view name,
                    Verdict& worst) {
  constexpr std::string_view kIndent = "  ";
  std::string text = fmt::format("{0}KTAP version 1\n{0}# Subtest: {1}\n{0}1..{2}\n", kIndent,
                                 oneLine(name), machine.cases.size());
  std::size_t number = 0;
  worst = machine.verdict == Verdict::pass ? Verdict::skip : machine.verdict;
  for (const CaseResult& result : machine.cases) {
    const bool expected = isExpectedFailure(results, machine, result);
    const Verdict verdict = expected ? Verdict::xfail : result.verdict;
    const std::string reason = expected ? "without the series" : result.reason;
    worst = worse(worst, verdict);
    if (verdict == Verdict::xpass) {
      text += diagnostics(kIndent, "unexpected pass", {reason});
    }
    if (result.verdict != Verdict::pass) {
      text += diagnostics(kIndent, "got", result.failures);
      text += diagnostics(kIndent, "broken", result.faults);
      text += diagnostics(kIndent, "console", result.console);
    }
    text += kIndent;
    text += resultLine(++number, result.name + '/' + result.subject, verdict,
                       verdict == Verdict::xpass ? "" : reason);
  }
  return text;
}

}  // namespace

std::string ktap(const RunResults& results) {
  std::string text = "KTAP version 1\n";
  for (const KernelIdentity& kernel : results.kernels) {
    text += fmt::format("# Linux {}, source {}, series {}\n", oneLine(kernel.release),
                        oneLine(kernel.source), oneLine(kernel.series));
  }
  if (results.failure) return text + kernelResult(*results.failure);
  text += fmt::format("1..{}\n", results.machines.size());
  std::size_t number = 0;
  for (const MachineResult& machine : results.machines) {
    const std::string name = nameOfMachine(machine, results.kernels.size() == 2);
    Verdict worst = Verdict::pass;
    text += subtest(results, machine, name, worst);
    const bool all_skipped = worst == Verdict::skip;
    if (!isBad(worst) && !all_skipped) worst = Verdict::pass;
    // A machine that fails because of its cases needs no word beyond theirs.
    if (isBad(worst) && worst != machine.verdict) worst = Verdict::fail;
    text += resultLine(++number, name, worst, machine.detail);
  }
  return text;
}

}  // namespace runner
