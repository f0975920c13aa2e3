// SPDX-License-Identifier: GPL-2.0
#include "runner/mutants/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/results/verdict.h"

namespace runner {
namespace {

std::string_view nameOf(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return "killed";
    case Fate::killed_by_others:
      return "killed by others only";
    case Fate::survived:
      return "survived";
    case Fate::not_built:
      return "not built";
    case Fate::not_run:
      return "not run";
  }
  return "not run";
}

Tone toneOf(Fate fate) {
  if (fate == Fate::killed) return Tone::good;
  return fate == Fate::not_run ? Tone::faint : Tone::bad;
}

// Cases, each once: one may fail on several filesystems, and kill on one is enough.
std::vector<std::string> casesOf(const std::vector<Kill>& kills) {
  std::vector<std::string> texts;
  for (const Kill& kill : kills) {
    if (std::find(texts.begin(), texts.end(), kill.text()) == texts.end()) {
      texts.push_back(kill.text());
    }
  }
  return texts;
}

std::string firstAndCount(const std::vector<std::string>& texts, std::size_t more) {
  const std::size_t rest = texts.size() - 1 + more;
  return texts.front() + (rest == 0 ? "" : fmt::format(" and {} more", rest));
}

// Of a failure that has many lines: the first one, and the next where that only announces it.
std::string reasonIn(const std::string& text) {
  const auto first = text.find('\n');
  std::string reason = text.substr(0, first);
  if (first == std::string::npos || !reason.ends_with(':')) return reason;
  const auto begin = text.find_first_not_of(" \n", first);
  if (begin != std::string::npos)
    reason += ' ' + text.substr(begin, text.find('\n', begin) - begin);
  return reason;
}

std::size_t countOf(Fate fate, const std::vector<MutantResult>& results) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(),
                    [&](const MutantResult& result) { return result.fate == fate; }));
}

std::string countsOf(const std::vector<MutantResult>& results) {
  std::string text = counted(results.size(), "mutant") + ":";
  std::string_view between = " ";
  for (const Fate fate :
       {Fate::killed, Fate::survived, Fate::killed_by_others, Fate::not_built, Fate::not_run}) {
    const std::size_t count = countOf(fate, results);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", between, count, nameOf(fate));
    between = ", ";
  }
  return text;
}

// A cell of a Markdown table is one line, and a '|' ends it.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2) {
    text.replace(at, 1, text[at] == '|' ? "\\|" : "; ");
  }
  return text;
}

nlohmann::ordered_json jsonOf(const std::vector<Kill>& kills) {
  auto list = nlohmann::ordered_json::array();
  for (const Kill& kill : kills) {
    list.push_back({{"requirement", kill.requirement},
                    {"case", kill.name},
                    {"filesystem", kill.filesystem},
                    {"subject", kill.subject},
                    {"verdict", runner::nameOf(kill.verdict)}});
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
      return "SURVIVED" + (result.detail.empty() ? "" : ": " + result.detail);
    case Fate::not_built:
      return "NOT BUILT: " + reasonIn(result.detail);
    case Fate::not_run:
      return "not run: " + result.detail;
  }
  return result.detail;
}

std::string mutantTable(const MutantRun& run, const std::string& reports, const Style& style) {
  std::string text =
      labelled("kernel",
               fmt::format("Linux {}, series {}{}, in {}", run.kernel.release, run.kernel.series,
                           run.kernel.debug ? ", debug" : "", run.machine),
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
  const Tone tone = status == ExitStatus::pass ? Tone::good : Tone::bad;
  return text + '\n' +
         paint(fmt::format("{}: {}", status == ExitStatus::pass ? "PASS" : "NOT PASSED",
                           countsOf(run.results)),
               tone, style) +
         '\n';
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
  auto mutants = nlohmann::ordered_json::array();
  for (const MutantResult& each : run.results) {
    mutants.push_back({{"mutant", each.mutant.name},
                       {"requirements", each.mutant.requirements},
                       {"mistake", each.mutant.mistake},
                       {"fate", nameOf(each.fate)},
                       {"detail", each.detail},
                       {"killed_by", jsonOf(each.own)},
                       {"killed_by_others", jsonOf(each.others)}});
  }
  const nlohmann::ordered_json root = {{"format", 1},
                                       {"version", run.version},
                                       {"exit_status", static_cast<int>(judge(run.results))},
                                       {"total_milliseconds", run.total.count()},
                                       {"notes", run.notes},
                                       {"kernel",
                                        {{"tree", run.kernel.tree},
                                         {"release", run.kernel.release},
                                         {"source", run.kernel.source},
                                         {"series", run.kernel.series},
                                         {"compiler", run.kernel.compiler},
                                         {"debug", run.kernel.debug}}},
                                       {"machine", run.machine},
                                       {"mutants", std::move(mutants)}};
  return root.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
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

}  // namespace runner
