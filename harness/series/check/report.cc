// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/grid.h"

namespace runner {
namespace {

constexpr std::size_t kComplaints = 12;

const Finding* findingOf(const PatchFindings& patch, Check check) {
  const auto found = std::ranges::find(patch.findings, check, &Finding::check);
  return found == patch.findings.end() ? nullptr : &*found;
}

std::vector<Check> checksOf(const std::vector<PatchFindings>& patches) {
  std::vector<Check> checks(kChecks.begin(), kChecks.end());
  std::erase_if(checks, [&](Check check) {
    return std::ranges::all_of(patches, [&](auto& patch) { return !findingOf(patch, check); });
  });
  return checks;
}

Cell cellOf(const Finding* finding, const Style& style) {
  if (finding == nullptr) return {};
  if (!finding->clean) return {"FAIL", Tone::bad};
  return {std::string(style.unicode ? "✓" : "ok") + (finding->excused.empty() ? "" : "*"),
          Tone::good};
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
  const std::vector<Check> checks = checksOf(patches);
  Grid grid{.least = 47};
  for (const Check check : checks) grid.columns.push_back({.heading = std::string(nameOf(check))});
  std::size_t made = 0, known = 0, unclean = 0, excused = 0;
  std::string below, group;
  for (const PatchFindings& patch : patches) {
    const std::string here = fmt::format("{} {}", patch.tree, patch.series);
    if (here != group) grid.rows.push_back({.labels = {here}, .tone = Tone::strong});
    group = here;
    Grid::Row row{.labels = {fmt::format(" {} {}", patch.number, patch.subject)}};
    for (const Check check : checks) row.cells.push_back(cellOf(findingOf(patch, check), style));
    grid.rows.push_back(std::move(row));
    below += details(patch);
    for (const Finding& finding : patch.findings) {
      ++made;
      known += finding.known ? 1 : 0;
      unclean += finding.clean ? 0 : 1;
      excused += finding.excused.size();
    }
  }
  std::string text = grid.text(style);
  if (!below.empty()) text += '\n' + below.erase(0, below.find_first_not_of('\n'));
  text += fmt::format("\n{}: {} of {} clean, {} excused, {} known from before, in {}\n",
                      unclean == 0 && made != 0 && unfit.empty() ? "PASS" : "FAIL",
                      counted(made - unclean, "check"), made, excused, known, inWords(total));
  if (!unfit.empty()) {
    text += fmt::format("not all of {} applies or could be checked: see the first table\n",
                        listed(unfit));
  }
  return text;
}

}  // namespace runner
