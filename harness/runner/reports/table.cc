// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/output.h"
#include "runner/base/words.h"
#include "runner/reports/failures.h"
#include "runner/reports/grids.h"
#include "runner/reports/grouped.h"
#include "runner/reports/summary.h"
#include "runner/results/exit_status.h"
#include "runner/results/verdict.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

class Table {
 public:
  Table(const Results& results, const std::string& reports, const Style& style)
      : results_(results), reports_(reports), style_(style), one_(results.isOfOneTree()) {
    if (one_) return;
    // Titles are printed as labels.
    std::size_t longest = labels_.columns - 2;
    for (const TreeResults& tree : results.trees) {
      longest = std::max(longest, columnsOf(tree.title));
    }
    labels_.columns = std::min(longest, kLongestTitle) + 2;
  }

  std::string text() const {
    std::string text = head() + '\n' + grids() + failures();
    std::string label = "differs";
    if (!one_) {
      for (const std::string& difference : differences(results_, style_)) {
        text += labelled(std::exchange(label, ""), difference, style_);
      }
    }
    text += reasons(Verdict::skip) + reasons(Verdict::xfail);
    text += pairs() + labelled("times", times(), style_) + labelled("reports", reports_, style_);
    return text + '\n' + end();
  }

 private:
  static constexpr std::size_t kLongestTitle = 24;

  const TreeResults& first() const { return results_.trees.front(); }
  std::string titleOf(const TreeResults& tree) const {
    return truncate(tree.title, kLongestTitle, style_);
  }

  // " (mainline, 6.1.y)", or nothing if it applies to all trees.
  std::string only(const std::vector<std::string>& titles) const {
    return titles.size() == results_.trees.size() ? "" : " (" + listed(titles) + ')';
  }

  std::string head() const {
    std::string text;
    Grouped notes;
    for (const TreeResults& tree : results_.trees) {
      text += one_ ? kernels(tree) : labelled(titleOf(tree), judged(tree), style_, labels_);
      for (const std::string& note : tree.notes) notes.add(note, tree.title);
    }
    for (const auto& [note, titles] : notes) {
      text += labelled("note", note + only(titles), style_, labels_);
    }
    return text;
  }

  std::string kernels(const TreeResults& tree) const {
    std::string text;
    for (const KernelIdentity& kernel : tree.kernels) {
      text += labelled(text.empty() ? "kernel" : "",
                       fmt::format("Linux {}, {}, in {}", kernel.release,
                                   seriesInWords(tree, kernel), machinesInWords(tree)),
                       style_);
    }
    return text + labelled("source", tree.kernels.front().source, style_);
  }

  // "Linux 7.3.4, series off and series a-syncfs (3 patches), in User-Mode Linux; linux 7.3.4-1"
  static std::string judged(const TreeResults& tree) {
    if (tree.kernels.empty()) return "no kernel: see below";
    const auto series = distinct(
        tree.kernels, [&](const KernelIdentity& kernel) { return seriesInWords(tree, kernel); });
    return fmt::format(
        "Linux {}, {}{}; {}", tree.kernels.front().release, fmt::join(series, " and "),
        tree.machines.empty() ? "" : ", in " + machinesInWords(tree), tree.kernels.front().source);
  }

  std::string grids() const {
    if (one_) {
      const bool both = first().comparesSides();
      return (both ? comparisonGrid : requirementGrid)(results_, style_) + '\n';
    }
    std::string text = overviewGrid(results_, style_) + '\n';
    for (const TreeResults& tree : results_.trees) {
      if (!tree.failure) continue;  // says why it has no kernel
      text += below(tree, failureReport(results_, tree, style_, {}));
    }
    const std::string cases = caseGrid(results_, style_);
    return cases.empty() ? text : text + cases + '\n';
  }

  // With several trees, each has its own below its title; together they have the limits of one.
  std::string failures() const {
    FailureLimits limits;
    if (!one_) {
      limits.blocks = std::max<std::size_t>(2, limits.blocks / results_.trees.size());
      limits.titles = 10;
    }
    std::string text;
    for (const TreeResults& tree : results_.trees) {
      if (tree.failure) continue;  // already in grids()
      const bool own_directory = !one_ && !reports_.empty();
      limits.in_full = placeOfFailures(own_directory ? reports_ + '/' + tree.title : reports_);
      text += below(tree, failureReport(results_, tree, style_, limits));
    }
    return text;
  }

  std::string below(const TreeResults& tree, const std::string& text) const {
    if (one_ || text.empty()) return text;
    return paint(tree.title, Tone::strong, style_) + '\n' + text;
  }

  // Why cases were skipped or failed as expected, each reason once.
  std::string reasons(Verdict verdict) const {
    Grouped trees;
    std::map<std::string, std::size_t> all;
    for (const TreeResults& tree : results_.trees) {
      std::map<std::string, std::size_t> counts;
      for (const CaseResult* each : tree.cases()) {
        if (each->verdict == verdict) ++counts[each->reason];
      }
      for (const auto& [reason, count] : counts) {
        trees.add(reason, tree.title);
        all[reason] += count;
      }
    }
    std::string text;
    for (const auto& [reason, titles] : trees) {
      text += labelled(nameOf(verdict),
                       fmt::format("{}: {}{}", counted(all[reason], "case"),
                                   reason.empty() ? "no reason given" : reason, only(titles)),
                       style_);
    }
    return text;
  }

  // Of `explore`.
  std::string pairs() const {
    std::vector<std::string> counts;
    Grouped missing;
    for (const TreeResults& tree : results_.trees) {
      for (const MachineResult& machine : tree.machines) {
        const Pairs& pairs = machine.pairs;
        if (pairs.possible == 0) continue;
        counts.push_back(fmt::format(
            "{}{} {} of {} ({:.1f} %)", one_ ? "" : tree.title + ' ', machine.filesystem,
            pairs.covered, pairs.possible,
            100.0 * static_cast<double>(pairs.covered) / static_cast<double>(pairs.possible)));
        for (const std::string& pair : pairs.missing) missing.add(pair, machine.filesystem);
      }
    }
    if (counts.empty()) return "";
    constexpr std::size_t kMost = 3;
    std::string text =
        listed(counts) + " of the possible pairs of options, files, flags, calls and histories";
    std::size_t named = 0;
    for (const auto& [pair, filesystems] : missing) {
      if (named++ == kMost) break;
      text += fmt::format("{}{}", named == 1 ? "; not " : ", ", pair);
    }
    return labelled("pairs", text, style_);
  }

  std::string times() const {
    std::vector<std::string> times;
    for (const TreeResults& tree : results_.trees) {
      if (!one_) {
        if (tree.total.count() != 0) times.push_back(tree.title + ' ' + inWords(tree.total));
        continue;
      }
      for (const MachineResult& machine : tree.machines) {
        if (machine.total.count() == 0) continue;
        times.push_back(fmt::format("{}{} {} (boot {})", machine.filesystem,
                                    tree.comparesSides() ? fmt::format(" {}", machine.side()) : "",
                                    inWords(machine.total), inWords(machine.boot)));
      }
    }
    return fmt::format("{}{}{}whole run {}", one_ || times.empty() ? "" : "machines of ",
                       listed(times), times.empty() ? "" : "; ",
                       inWords(one_ ? first().total : results_.total));
  }

  // With several trees, a line for each and one for all.
  std::string end() const {
    if (one_) return lastLine(outcomeInWords(first()));
    std::string text;
    std::vector<std::string> not_passed;
    for (const TreeResults& tree : results_.trees) {
      const ExitStatus status = judge(tree);
      if (status != ExitStatus::pass) not_passed.push_back(tree.title);
      text += labelled(titleOf(tree), fmt::format("{}: {}", passWord(status), outcomeInWords(tree)),
                       style_, labels_);
    }
    std::string all = counted(results_.trees.size(), "tree");
    if (!not_passed.empty()) {
      all = fmt::format("{} of {} ({})", not_passed.size(), all, listed(not_passed));
    }
    return text + '\n' + lastLine(all);
  }

  std::string lastLine(const std::string& outcome) const {
    const ExitStatus status = judge(results_);
    return paintLines(fmt::format("{}: {}", passWord(status), outcome), toneOf(status), style_);
  }

  const Results& results_;
  const std::string& reports_;
  const Style& style_;
  const bool one_;
  LabelLayout labels_;
};

Failure refusal(const fs::path& file, std::string_view why) {
  return {ExitStatus::usage, fmt::format("--table {}: {}", file.string(), why)};
}

}  // namespace

std::string table(const Results& results, const std::string& reports, const Style& style) {
  return Table(results, reports, style).text();
}

std::string tableText(const Results& results, std::time_t made) {
  // Several trees need more columns.
  const Style style{.color = false, .unicode = true, .width = results.isOfOneTree() ? 100u : 120u};
  return fmt::format("ovl-syncfs {}, {:%Y-%m-%d}\n\n{}", results.version, fmt::gmtime(made),
                     table(results, "", style));
}

void checkTableFile(const fs::path& file) {
  std::error_code error;
  const fs::path directory = fs::absolute(file).parent_path();
  if (!file.has_filename() || fs::is_directory(file, error)) {
    throw refusal(file, "is a directory, not a file");
  }
  if (!fs::is_directory(directory, error)) {
    throw refusal(file, fmt::format("there is no directory {}", directory.string()));
  }
  if (::access(directory.c_str(), W_OK) != 0) throw writeFailure(directory, errno);
}

void showTable(const Results& results, const fs::path& reports, const fs::path& file) {
  print(table(results, reports.string(), styleFor(STDOUT_FILENO)));
  if (file.empty()) return;
  writeFileAtomically(fs::absolute(file), tableText(results, std::time(nullptr)));
}

}  // namespace runner
