// SPDX-License-Identifier: GPL-2.0
#include "runner/reports/matrix_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runner/base/option_words.h"
#include "runner/base/words.h"
#include "runner/reports/failures.h"
#include "runner/reports/grouped.h"
#include "runner/reports/matrix_grid.h"
#include "runner/reports/summary.h"
#include "runner/results/exit_status.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

constexpr std::size_t kLongestTitle = 24;

// Titles stand before their lines like labels.
LabelLayout besideTitles(const MatrixResults& matrix) {
  std::size_t longest = LabelLayout().columns - 2;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    longest = std::max(longest, columnsOf(tree.title));
  }
  return {.columns = std::min(longest, kLongestTitle) + 2};
}

std::string titleOf(const MatrixResults::Tree& tree, const Style& style) {
  return truncate(tree.title, kLongestTitle, style);
}

// " (mainline, 6.1.y)", or nothing when it is true for all trees.
std::string only(const std::vector<std::string>& titles, const MatrixResults& matrix) {
  return titles.size() == matrix.trees.size() ? "" : " (" + listed(titles) + ')';
}

// "Linux 7.3.4, series off and series a-syncfs (3 patches), in User-Mode Linux; linux 7.3.4-1"
std::string judged(const RunResults& results) {
  if (results.kernels.empty()) return "no kernel: see below";
  std::vector<std::string> series;
  for (const KernelIdentity& kernel : results.kernels) {
    addOnce(series, seriesInWords(results, kernel));
  }
  std::string text =
      fmt::format("Linux {}, {}", results.kernels.front().release, fmt::join(series, " and "));
  if (!results.machines.empty()) text += ", in " + machinesInWords(results);
  return text + "; " + results.kernels.front().source;
}

std::string head(const MatrixResults& matrix, const Style& style) {
  const LabelLayout layout = besideTitles(matrix);
  std::string text;
  Grouped notes;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    text += labelled(titleOf(tree, style), judged(tree.results), style, layout);
    for (const std::string& note : tree.results.notes) notes.add(note, tree.title);
  }
  for (const auto& [note, titles] : notes) {
    text += labelled("note", note + only(titles, matrix), style, layout);
  }
  return text;
}

// How each tree did as a whole, and why some have no kernel.
std::string overview(const MatrixResults& matrix, const Style& style) {
  std::string text = overviewGrid(matrix, style) + '\n';
  for (const MatrixResults::Tree& tree : matrix.trees) {
    if (!tree.results.failure) continue;
    text += paint(tree.title, Tone::strong, style) + '\n' + failureReport(tree.results, style, {});
  }
  return text;
}

// Why cases were skipped or failed as expected, each reason once.
std::string reasons(const MatrixResults& matrix, Verdict verdict, const Style& style) {
  Grouped trees;
  std::map<std::string, std::size_t> counts;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    for (const auto& [reason, count] : reasonsOf(tree.results, verdict)) {
      trees.add(reason, tree.title);
      counts[reason] += count;
    }
  }
  std::string text;
  for (const auto& [reason, titles] : trees) {
    text += reasonLine(verdict, reason, counts[reason], style, only(titles, matrix));
  }
  return text;
}

std::string differing(const MatrixResults& matrix, const Style& style) {
  std::string text;
  for (const std::string& difference : differences(matrix, style)) {
    text += labelled(text.empty() ? "differs" : "", difference, style);
  }
  return text;
}

// Those of each tree below its title. The trees share what a table of one would show.
std::string failures(const MatrixResults& matrix, const std::string& reports, const Style& style) {
  FailureLimits limits;
  limits.blocks = std::max<std::size_t>(2, limits.blocks / matrix.trees.size());
  limits.titles = 10;
  std::string text;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    if (tree.results.failure) continue;  // that was said beside the overview
    limits.in_full = placeOfFailures(reports.empty() ? "" : reports + '/' + tree.title);
    const std::string report = failureReport(tree.results, style, limits);
    if (!report.empty()) text += paint(tree.title, Tone::strong, style) + '\n' + report;
  }
  return text;
}

std::string times(const MatrixResults& matrix) {
  std::string text;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    if (tree.results.total.count() == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "machines of " : ", ", tree.title,
                        inWords(tree.results.total));
  }
  return text + (text.empty() ? "" : "; ") + "whole run " + inWords(matrix.total);
}

// A line for each tree, and one for all.
std::string summary(const MatrixResults& matrix, const Style& style) {
  const LabelLayout layout = besideTitles(matrix);
  std::string text;
  std::vector<std::string> not_passed;
  for (const MatrixResults::Tree& tree : matrix.trees) {
    const ExitStatus status = judge(tree.results);
    if (status != ExitStatus::pass) not_passed.push_back(tree.title);
    text += labelled(titleOf(tree, style),
                     fmt::format("{}: {}", passWord(status), outcomeInWords(tree.results)), style,
                     layout);
  }
  const std::string all = counted(matrix.trees.size(), "tree");
  const std::string words =
      not_passed.empty() ? all
                         : fmt::format("{} of {} ({})", not_passed.size(), all, listed(not_passed));
  return text + '\n' + lastLine(judge(matrix), words, style);
}

}  // namespace

std::string table(const MatrixResults& matrix, const std::string& reports, const Style& style) {
  const std::string cases = caseGrid(matrix, style);
  std::string text = head(matrix, style) + '\n' + overview(matrix, style);
  if (!cases.empty()) text += cases + '\n';
  text += failures(matrix, reports, style);
  text += differing(matrix, style);
  text += reasons(matrix, Verdict::skip, style) + reasons(matrix, Verdict::xfail, style);
  text += labelled("times", times(matrix), style) + labelled("reports", reports, style) + '\n';
  return text + summary(matrix, style);
}

}  // namespace runner
