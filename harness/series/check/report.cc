// SPDX-License-Identifier: GPL-2.0
#include "series/check/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"

namespace runner {
namespace {

constexpr std::size_t kSubjectColumns = 44;
constexpr std::size_t kComplaints = 12;

const Finding* findingOf(const PatchFindings& patch, Check check) {
  const auto found = std::find_if(patch.findings.begin(), patch.findings.end(),
                                  [&](const Finding& finding) { return finding.check == check; });
  return found == patch.findings.end() ? nullptr : &*found;
}

std::vector<Check> columnsOf(const std::vector<PatchFindings>& patches) {
  std::vector<Check> columns;
  std::copy_if(kChecks.begin(), kChecks.end(), std::back_inserter(columns), [&](Check check) {
    return std::any_of(patches.begin(), patches.end(), [&](const PatchFindings& patch) {
      return findingOf(patch, check) != nullptr;
    });
  });
  return columns;
}

std::string cellOf(const Finding* finding, std::size_t columns, const Style& style) {
  if (finding == nullptr) return std::string(columns, ' ');
  if (!finding->clean) return paint(centered("FAIL", columns), Tone::bad, style);
  std::string mark = style.unicode ? "✓" : "ok";
  if (!finding->excused.empty()) mark += '*';
  return paint(centered(mark, columns), Tone::good, style);
}

std::string details(const PatchFindings& patch) {
  std::string text;
  for (const Finding& finding : patch.findings) {
    const std::string title =
        fmt::format("{} {} {}, {}:", patch.tree, patch.series, patch.number, nameOf(finding.check));
    if (!finding.clean) text += '\n' + title + '\n';
    for (std::size_t i = 0; i < std::min(finding.complaints.size(), kComplaints); ++i) {
      text += "  " + printable(finding.complaints[i]) + '\n';
    }
    if (finding.complaints.size() > kComplaints) {
      text += fmt::format("  ... and {} more\n", finding.complaints.size() - kComplaints);
    }
    for (const std::string& excused : finding.excused) {
      text += fmt::format("{} * {}\n", title, printable(excused));
    }
  }
  return text;
}

}  // namespace

std::string checkTable(const std::vector<PatchFindings>& patches,
                       const std::vector<std::string>& unfit, std::chrono::milliseconds total,
                       const Style& style) {
  const std::vector<Check> columns = columnsOf(patches);
  std::string header = pad("", kSubjectColumns + 3);
  for (const Check check : columns) header += fmt::format("  {}", nameOf(check));
  std::string text = header + '\n';
  std::string group;
  std::size_t made = 0, known = 0, unclean = 0, excused = 0;
  std::string below;
  for (const PatchFindings& patch : patches) {
    const std::string here = fmt::format("{} {}", patch.tree, patch.series);
    if (here != group) text += paint(here, Tone::strong, style) + '\n';
    group = here;
    std::string line =
        fmt::format(" {} {}", patch.number,
                    pad(truncate(patch.subject, kSubjectColumns, style), kSubjectColumns));
    for (const Check check : columns) {
      line += "  " + cellOf(findingOf(patch, check), nameOf(check).size(), style);
    }
    text += line.erase(line.find_last_not_of(' ') + 1) + '\n';
    below += details(patch);
    for (const Finding& finding : patch.findings) {
      ++made;
      known += finding.known ? 1 : 0;
      unclean += finding.clean ? 0 : 1;
      excused += finding.excused.size();
    }
  }
  if (!below.empty()) text += '\n' + below.erase(0, below.find_first_not_of('\n'));
  text += fmt::format("\n{}: {} of {} clean, {} excused, {} known from before, in {}\n",
                      unclean == 0 && made != 0 && unfit.empty() ? "PASS" : "FAIL",
                      counted(made - unclean, "check"), made, excused, known, inWords(total));
  if (!unfit.empty()) {
    text +=
        fmt::format("not all of {} fits, or was looked at: see the first table\n", listed(unfit));
  }
  return text;
}

}  // namespace runner
