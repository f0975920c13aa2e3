// SPDX-License-Identifier: GPL-2.0-only
#include "runner/reports/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"
#include "sys/shell_word.h"

namespace runner {
namespace {

// The same case and subject with the same outcome, on one filesystem or several.
struct Group {
  const MachineResult* machine = nullptr;  // of the first
  std::vector<const CaseResult*> members;

  const CaseResult& first() const { return *members.front(); }
  std::vector<std::string> filesystems() const {
    return distinct(members, &CaseResult::filesystem);
  }
};

bool sameOutcome(const CaseResult& one, const CaseResult& other) {
  return one.name == other.name && one.subject == other.subject && one.verdict == other.verdict &&
         one.reason == other.reason && one.failures == other.failures;
}

// A console line without the kernel's time stamp.
std::string_view withoutTime(std::string_view line) {
  const std::size_t end = line.starts_with('[') ? line.find("] ") : std::string_view::npos;
  return end == std::string_view::npos ? line : line.substr(end + 2);
}

constexpr LabelLayout kFields{.columns = 10, .indent = 2};

class Report {
 public:
  Report(const Results& results, const TreeResults& tree, const Style& style,
         const FailureLimits& limits)
      : results_(results), tree_(tree), style_(style), limits_(limits) {}

  std::string text() {
    if (tree_.failure) kernelBlock(*tree_.failure);
    for (const MachineResult& machine : tree_.machines) {
      if (isBad(machine.verdict)) machineBlock(machine);
    }
    std::size_t shortened = 0;
    for (const Group& group : groups()) {
      if (blocks_ < limits_.blocks) {
        caseBlock(group);
      } else if (++shortened <= limits_.titles) {
        title(group);
      }
    }
    if (shortened > limits_.titles) {
      text_ += fmt::format("... and {} more\n", shortened - limits_.titles);
    }
    if (shortened > 0) {
      field("in full", limits_.in_full);
      text_ += '\n';
    }
    const std::size_t before = text_.size();
    for (const MachineResult& machine : tree_.machines) unreached(machine);
    if (text_.size() != before) text_ += '\n';
    return std::move(text_);
  }

 private:
  std::vector<Group> groups() const {
    std::vector<Group> groups;
    for (const MachineResult& machine : tree_.machines) {
      for (const CaseResult& result : machine.cases) {
        if (!isBad(result.verdict) || !result.reached) continue;
        if (isExpectedFailure(tree_, machine, result)) continue;
        const auto same = std::ranges::find_if(groups, [&](const Group& group) {
          return group.machine->series_on == machine.series_on &&
                 sameOutcome(group.first(), result);
        });
        if (same == groups.end()) {
          groups.push_back({&machine, {&result}});
        } else {
          same->members.push_back(&result);
        }
      }
    }
    return groups;
  }

  // where: the filesystems.
  void title(const Cell& verdict, const std::string& what, const std::string& where,
             const MachineResult& machine) {
    text_ += fmt::format("{}  {} ({}{})\n", paint(verdict, style_), what, where,
                         tree_.comparesSides() ? fmt::format(", series {}", machine.side()) : "");
  }

  void title(const Group& group) {
    const CaseResult& first = group.first();
    title(cellOf(first.verdict, style_),
          fmt::format("{} on {}", paint(first.name, Tone::strong, style_), first.subject),
          listed(group.filesystems()), *group.machine);
  }

  void caseBlock(const Group& group) {
    ++blocks_;
    const CaseResult& first = group.first();
    title(group);
    field(first.requirement, results_.wordsOf(first.requirement));
    field("what", first.reason);
    for (const std::string& failure : first.failures) field("got", failure);
    for (const std::string& fault : first.faults) field("broken", fault);
    console(first.console, first.reason);
    command(fmt::format("{} --fs {} --filter '{}/{}/{}'", group.machine->command,
                        fmt::join(group.filesystems(), ","), first.name,
                        group.members.size() == 1 ? first.filesystem : "*", first.subject));
  }

  void kernelBlock(const KernelFailure& failure) {
    text_ += fmt::format("{}  {}\n", paint(inCapitals(inWords(failure)), Tone::bad, style_),
                         paint("the kernel", Tone::strong, style_));
    field("what", failure.what);
    command(failure.command);
  }

  void machineBlock(const MachineResult& machine) {
    ++blocks_;
    title(cellOf(machine.verdict, style_), paint("the machine", Tone::strong, style_),
          machine.filesystem, machine);
    field("what", machine.detail);
    console(machine.console_tail, machine.detail);
    std::string line = fmt::format("{} --fs {}", machine.command, machine.filesystem);
    if (!results_.filter.empty()) line += " --filter " + sys::shellWord(results_.filter);
    command(line);
  }

  void unreached(const MachineResult& machine) {
    std::map<std::pair<Verdict, std::string>, std::size_t> reasons;
    for (const CaseResult& result : machine.cases) {
      if (!result.reached && isBad(result.verdict)) ++reasons[{result.verdict, result.reason}];
    }
    for (const auto& [reason, count] : reasons) {
      title(cellOf(reason.first, style_), counted(count, "case"), machine.filesystem, machine);
      field("what", reason.second);
    }
  }

  void field(std::string_view label, std::string_view content) {
    text_ += labelled(label, content, style_, kFields);
  }

  // The last lines, or those around the kernel's own message about the event, if a long backtrace
  // follows it.
  void console(const std::vector<std::string>& lines, std::string_view what) {
    if (lines.empty()) return field("console", "silent while it ran");
    const std::size_t shown = std::min(lines.size(), limits_.console_lines);
    const auto told = std::ranges::find_if(lines, [&](const std::string& line) {
      const std::string_view words = withoutTime(line);
      return words.size() > 8 && what.contains(words);
    });
    const auto begin = std::min(lines.end() - static_cast<long>(shown),
                                told - std::min<long>(2, told - lines.begin()));
    std::string_view label = "console";
    for (auto line = begin; line != begin + static_cast<long>(shown); ++line) {
      text_ += besides(label) +
               truncate(printable(*line), style_.width - kFields.indent - kFields.columns, style_) +
               '\n';
      label = "";
    }
  }

  // Not wrapped, so that it can be copied.
  void command(const std::string& line) { text_ += besides("again") + line + "\n\n"; }

  // A label for a line that must not be wrapped.
  std::string besides(std::string_view label) const {
    return std::string(kFields.indent, ' ') +
           paint(pad(label, kFields.columns), Tone::faint, style_);
  }

  const Results& results_;
  const TreeResults& tree_;
  const Style& style_;
  const FailureLimits& limits_;
  std::size_t blocks_ = 0;
  std::string text_;
};

}  // namespace

std::string placeOfFailures(const std::string& reports) {
  return reports.empty() ? "failures.txt among the reports of the run" : reports + "/failures.txt";
}

std::string failureReport(const Results& results, const TreeResults& tree, const Style& style,
                          const FailureLimits& limits) {
  return Report(results, tree, style, limits).text();
}

std::string allFailures(const Results& results, const TreeResults& tree) {
  const FailureLimits no_limits{
      .console_lines = 50, .blocks = std::numeric_limits<std::size_t>::max(), .in_full = ""};
  return failureReport(results, tree, {.color = false, .unicode = true, .width = 100}, no_limits);
}

}  // namespace runner
