// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/generated_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/summary.h"
#include "runner/results/json_text.h"

namespace runner {
namespace {

struct GeneratedFateEntry {
  GeneratedFate fate;
  std::string_view name;
  Tone tone;
};
constexpr std::array kGeneratedFates = {
    GeneratedFateEntry{GeneratedFate::killed, "killed", Tone::good},
    GeneratedFateEntry{GeneratedFate::invalid, "not valid", Tone::faint},
    GeneratedFateEntry{GeneratedFate::identical, "the same code", Tone::faint},
    GeneratedFateEntry{GeneratedFate::equivalent, "equivalent", Tone::faint},
    GeneratedFateEntry{GeneratedFate::survived, "survived", Tone::bad},
    GeneratedFateEntry{GeneratedFate::killed_as_listed, "killed, but listed as equivalent",
                       Tone::bad},
};

const GeneratedFateEntry& entryOfGenerated(GeneratedFate fate) {
  return *std::ranges::find(kGeneratedFates, fate, &GeneratedFateEntry::fate);
}

std::string generatedCounts(const GeneratedRun& run) {
  std::vector<std::string> counts;
  for (const GeneratedFateEntry& each : kGeneratedFates) {
    const auto count = std::ranges::count(run.results, each.fate, &GeneratedResult::fate);
    if (count != 0) counts.push_back(fmt::format("{} {}", count, each.name));
  }
  return counted(run.results.size(), "mutant") + ": " + listed(counts);
}

std::string namesWith(const GeneratedRun& run, GeneratedFate fate, const Style& style) {
  std::string text;
  for (const GeneratedResult& each : run.results) {
    if (each.fate != fate) continue;
    text += paint(each.mutant.name, entryOfGenerated(fate).tone, style) + "  " +
            std::string(entryOfGenerated(fate).name) + '\n';
    const std::string what =
        each.detail.empty() ? each.mutant.mistake : each.mutant.mistake + " " + each.detail;
    for (const std::string& line : wrap(printable(what), style.width - 4)) {
      text += "    " + line + '\n';
    }
  }
  return text;
}

}  // namespace

std::string_view nameOf(GeneratedFate fate) {
  return entryOfGenerated(fate).name;
}

std::string generatedTable(const GeneratedRun& run, const std::string& reports,
                           const Style& style) {
  std::string text = labelled("kernel",
                              fmt::format("Linux {}, series {}{}, in {}", run.kernel.release,
                                          run.kernel.series, run.kernel.laneInWords(), run.machine),
                              style);
  text += labelled("source", run.kernel.source, style);
  text += labelled("disks", listed(run.filesystems), style);
  for (const std::string& note : run.notes) text += labelled("note", note, style);
  text += '\n';
  for (const GeneratedFateEntry& each : kGeneratedFates) {
    if (each.fate != GeneratedFate::killed) text += namesWith(run, each.fate, style);
  }
  for (const std::string& name : run.stale) {
    text +=
        paint(name, Tone::bad, style) + "  is listed as equivalent, but no such mutant is made\n";
  }
  std::chrono::milliseconds building{0}, booting{0};
  for (const GeneratedResult& each : run.results) {
    building += each.building;
    booting += each.booting;
  }
  text += '\n';
  text += labelled("times",
                   fmt::format("{} to build them, {} to judge them; whole run {}",
                               inWords(building), inWords(booting), inWords(run.total)),
                   style);
  text += labelled("reports", reports, style);
  const ExitStatus status = judge(run);
  return text + '\n' +
         paintLines(fmt::format("{}: {}", passWord(status), generatedCounts(run)), toneOf(status),
                    style);
}

std::string generatedJson(const GeneratedRun& run) {
  Json mutants = Json::array();
  for (const GeneratedResult& each : run.results) {
    mutants.push_back({{"mutant", each.mutant.name},
                       {"file", each.mutant.file},
                       {"mistake", each.mutant.mistake},
                       {"fate", nameOf(each.fate)},
                       {"detail", each.detail},
                       {"build_milliseconds", each.building.count()},
                       {"boot_milliseconds", each.booting.count()}});
  }
  return textOf({{"format", kJsonFormat},
                 {"version", run.version},
                 {"exit_status", static_cast<int>(judge(run))},
                 {"total_milliseconds", run.total.count()},
                 {"notes", run.notes},
                 {"kernel", jsonOf(run.kernel)},
                 {"machine", run.machine},
                 {"filesystems", run.filesystems},
                 {"stale", run.stale},
                 {"mutants", std::move(mutants)}});
}

std::string generatedList(const std::vector<GeneratedMutant>& mutants, const Style& style) {
  std::string text;
  for (const GeneratedMutant& mutant : mutants) {
    text += paint(mutant.name, Tone::strong, style) + '\n';
    for (const std::string& line : wrap(mutant.mistake, style.width - 4)) {
      text += "    " + line + '\n';
    }
  }
  return text;
}

std::string generatedListJson(const std::vector<GeneratedMutant>& mutants,
                              const std::vector<PatchedFile>& files) {
  Json list = Json::array();
  for (const GeneratedMutant& mutant : mutants) {
    const auto file = std::ranges::find(files, mutant.file, &PatchedFile::name);
    list.push_back({{"mutant", mutant.name},
                    {"file", mutant.file},
                    {"mistake", mutant.mistake},
                    {"patch", patchOf(mutant, file->text)}});
  }
  return textOf(list);
}

}  // namespace runner
