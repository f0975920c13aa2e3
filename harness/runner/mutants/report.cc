// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/summary.h"
#include "runner/results/json_text.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

// In the order of Fate.
constexpr std::array<std::string_view, 5> kFates = {"killed", "killed by others only", "survived",
                                                    "not built", "not run"};

std::string_view nameOf(Fate fate) {
  return kFates.at(static_cast<std::size_t>(fate));
}

Tone toneOf(Fate fate) {
  if (fate == Fate::killed) return Tone::good;
  return fate == Fate::not_run ? Tone::faint : Tone::bad;
}

// "A8.NoFalseReport/overlay", "a splat in A18.Pinned/overlay", "a splat". Each once, even if the
// case fails on several filesystems.
std::vector<std::string> casesOf(const std::vector<CaseResult>& kills) {
  std::vector<std::string> texts;
  for (const CaseResult& kill : kills) {
    std::string text = kill.name.empty() ? "" : kill.name + '/' + kill.subject;
    if (!isOfCase(kill.verdict)) {
      text = fmt::format("a {}{}{}", nameOf(kill.verdict), text.empty() ? "" : " in ", text);
    }
    addOnce(texts, text);
  }
  return texts;
}

std::string firstAndCount(const std::vector<std::string>& texts, std::size_t more) {
  const std::size_t rest = texts.size() - 1 + more;
  return texts.front() + (rest == 0 ? "" : fmt::format(" and {} more", rest));
}

// The first line of a failure, with the next one if the first ends in a colon.
std::string reasonIn(const std::string& text) {
  const auto first = text.find('\n');
  std::string reason = text.substr(0, first);
  if (first == std::string::npos || !reason.ends_with(':')) return reason;
  const auto begin = text.find_first_not_of(" \n", first);
  if (begin != std::string::npos)
    reason += ' ' + text.substr(begin, text.find('\n', begin) - begin);
  return reason;
}

std::string countsOf(const std::vector<MutantResult>& results) {
  std::vector<std::string> counts;
  for (const Fate fate :
       {Fate::killed, Fate::survived, Fate::killed_by_others, Fate::not_built, Fate::not_run}) {
    const auto count = std::ranges::count(results, fate, &MutantResult::fate);
    if (count != 0) counts.push_back(fmt::format("{} {}", count, nameOf(fate)));
  }
  return counted(results.size(), "mutant") + ": " + listed(counts);
}

// A cell of a Markdown table must be one line, and '|' ends it.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2) {
    text.replace(at, 1, text[at] == '|' ? "\\|" : "; ");
  }
  return text;
}

Json jsonOf(const std::vector<CaseResult>& kills) {
  Json list = Json::array();
  for (const CaseResult& kill : kills) {
    list.push_back({{"requirement", kill.requirement},
                    {"case", kill.name},
                    {"filesystem", kill.filesystem},
                    {"subject", kill.subject},
                    {"verdict", runner::nameOf(kill.verdict)},
                    {"failures", kill.failures}});
  }
  return list;
}

}  // namespace

std::string inWords(const MutantResult& result) {
  const std::vector<std::string> own = casesOf(result.own), others = casesOf(result.others);
  const std::string besides = result.detail.empty() ? "" : fmt::format("; {}", result.detail);
  switch (result.fate) {
    case Fate::killed:
      return "killed by " + firstAndCount(own, others.size()) + besides;
    case Fate::killed_by_others:
      return "killed by others only: " + firstAndCount(others, 0) + besides;
    case Fate::survived:
      return "SURVIVED" + (result.detail.empty() ? "" : ", as no case failed: " + result.detail);
    case Fate::not_built:
      return "NOT BUILT: " + reasonIn(result.detail);
    case Fate::not_run:
      return "not run: " + result.detail;
  }
  return result.detail;
}

std::string mutantTable(const MutantRun& run, const std::string& reports, const Style& style) {
  std::string text = labelled("kernel",
                              fmt::format("Linux {}, series {}{}, in {}", run.kernel.release,
                                          run.kernel.series, run.kernel.laneInWords(), run.machine),
                              style);
  text += labelled("source", run.kernel.source, style);
  for (const std::string& note : run.notes) text += labelled("note", note, style);
  text += '\n';
  std::size_t width = 0;
  for (const MutantResult& each : run.results) {
    width = std::max(width, columnsOf(each.mutant.name));
  }
  for (const MutantResult& each : run.results) {
    std::string label = pad(each.mutant.name, width + 2);
    for (const std::string& line : wrap(printable(inWords(each)), style.width - width - 2)) {
      text += label + paint(line, toneOf(each.fate), style) + '\n';
      label.assign(width + 2, ' ');
    }
  }
  text += '\n';
  text += labelled("times",
                   fmt::format("{} built in {}; whole run {}", counted(run.built, "kernel"),
                               inWords(run.building), inWords(run.total)),
                   style);
  text += labelled("reports", reports, style);
  const ExitStatus status = judge(run.results);
  return text + '\n' +
         paintLines(fmt::format("{}: {}", passWord(status), countsOf(run.results)), toneOf(status),
                    style);
}

std::string mutantMarkdown(const MutantRun& run) {
  std::string text = "| mutant | breaks | the mistake | verdict |\n|---|---|---|---|\n";
  for (const MutantResult& each : run.results) {
    text +=
        fmt::format("| {} | {} | {} | {} |\n", each.mutant.name, listed(each.mutant.requirements),
                    cell(each.mutant.mistake), cell(inWords(each)));
  }
  return text;
}

std::string mutantJson(const MutantRun& run) {
  Json mutants = Json::array();
  for (const MutantResult& each : run.results) {
    mutants.push_back({{"mutant", each.mutant.name},
                       {"requirements", each.mutant.requirements},
                       {"mistake", each.mutant.mistake},
                       {"fate", nameOf(each.fate)},
                       {"detail", each.detail},
                       {"killed_by", jsonOf(each.own)},
                       {"killed_by_others", jsonOf(each.others)}});
  }
  return textOf({{"format", kJsonFormat},
                 {"version", run.version},
                 {"exit_status", static_cast<int>(judge(run.results))},
                 {"total_milliseconds", run.total.count()},
                 {"notes", run.notes},
                 {"kernel", jsonOf(run.kernel)},
                 {"machine", run.machine},
                 {"mutants", std::move(mutants)}});
}

std::string mutantList(const std::vector<Mutant>& mutants, const Style& style) {
  std::string text;
  for (const Mutant& mutant : mutants) {
    text += paint(mutant.name, Tone::strong, style) +
            fmt::format("  {}{}\n", listed(mutant.requirements),
                        mutant.needs_debug ? "  (needs --debug)" : "");
    for (const std::string& line : wrap(mutant.mistake, style.width - 4)) {
      text += "    " + line + '\n';
    }
  }
  return text;
}

std::string mutantListJson(const std::vector<Mutant>& mutants) {
  Json list = Json::array();
  for (const Mutant& mutant : mutants) {
    list.push_back({{"mutant", mutant.name},
                    {"patch", mutant.patch},
                    {"requirements", mutant.requirements},
                    {"mistake", mutant.mistake},
                    {"needs_debug", mutant.needs_debug},
                    {"misfit", mutant.misfit}});
  }
  return textOf(list);
}

}  // namespace runner
