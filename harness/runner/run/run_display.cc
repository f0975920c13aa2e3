// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/run_display.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "runner/base/guest_text.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/base/words.h"
#include "runner/reports/summary.h"
#include "runner/results/comparison.h"
#include "runner/results/verdict.h"
#include "runner/run/machine_plan.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

// The most important line about a case that did not pass.
std::string_view gist(const CaseResult& result) {
  std::string_view text = result.reason;
  if (text.empty() && !result.failures.empty()) text = result.failures.front();
  return text.substr(0, text.find('\n'));
}

}  // namespace

RunDisplay::RunDisplay(const std::vector<MachinePlan>& plans, std::vector<std::string> guards,
                       Terminal& terminal)
    : guards_(std::move(guards)), terminal_(terminal) {
  const bool both = std::ranges::any_of(plans, [&](const MachinePlan& plan) {
    return plan.result.series_on != plans.front().result.series_on;
  });
  for (const MachinePlan& plan : plans) {
    Line line;
    line.title = plan.tree.empty() ? "" : plan.tree + ' ';
    line.title += plan.result.filesystem;
    if (both && !plan.result.series_on) line.failures = Failures::mayBeExpected;
    if (both) line.title += plan.result.series_on ? " series on" : " series off";
    if (plan.part.count > 1) line.title += ' ' + plan.part.text();
    line.planned = plan.cases.size();
    lines_.push_back(std::move(line));
  }
  terminal_.show([this] { return lines(); });
}

RunDisplay::RunDisplay(const std::vector<MachinePlan>& plans, const Titles& titles,
                       Terminal& terminal)
    : RunDisplay(plans, std::vector<std::string>(), terminal) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    lines_[i].title = titles.of_machines[i];
    lines_[i].failures = Failures::noNews;
  }
}

RunDisplay::~RunDisplay() {
  terminal_.hide();
}

void RunDisplay::machineStarted(std::size_t index) {
  const std::lock_guard lock(mutex_);
  lines_[index].state = State::booting;
  lines_[index].began = Clock::now();
}

void RunDisplay::machineBooted(std::size_t index) {
  const std::lock_guard lock(mutex_);
  lines_[index].state = State::running;
}

void RunDisplay::caseStarted(std::size_t index, const PlannedCase& planned) {
  const std::lock_guard lock(mutex_);
  lines_[index].detail = planned.name + '/' + planned.subject;
}

void RunDisplay::caseEnded(std::size_t index, const CaseResult& result) {
  bool bad = isBad(result.verdict);
  {
    const std::lock_guard lock(mutex_);
    Line& line = lines_[index];
    const bool expected = line.failures == Failures::mayBeExpected &&
                          result.verdict == Verdict::fail && mayFailWithoutSeries(result, guards_);
    if (expected || line.failures == Failures::noNews) bad = false;
    ++line.done;
    if (bad) ++line.bad;
  }
  if (terminal_.live() || !bad) return;
  terminal_.print(fmt::format("{}: {} {}: {}", lines_[index].title,
                              cellOf(result.verdict, terminal_.style()).text, result.fullName(),
                              printable(gist(result))));
}

void RunDisplay::machineEnded(std::size_t index, const MachineResult& result) {
  std::string text = countsInWords(result.cases);
  if (!result.lacks.empty() && result.verdict == Verdict::error) {
    text = "no case can run on this kernel";  // one list says why
  } else if (result.verdict != Verdict::pass && !result.detail.empty()) {
    text += fmt::format(" ({}: {})", nameOf(result.verdict), printable(result.detail));
  }
  std::string title;
  std::chrono::milliseconds took{0};
  {
    const std::lock_guard lock(mutex_);
    Line& line = lines_[index];
    line.state = State::ended;
    line.took =
        line.began == Clock::time_point() ? std::chrono::milliseconds(0) : since(line.began);
    line.detail = text;
    title = line.title;
    took = line.took;
  }
  if (!terminal_.live()) {
    terminal_.print(fmt::format("{}: {} in {}", title, text, inWords(took)));
  }
}

std::vector<std::string> RunDisplay::lines() {
  const std::lock_guard lock(mutex_);
  std::size_t title_width = 0;
  for (const Line& line : lines_) title_width = std::max(title_width, columnsOf(line.title));
  // Lines that scrolled off the screen could not be erased.
  const bool all = lines_.size() < terminalRows(STDERR_FILENO);
  std::vector<std::string> drawn_lines;
  std::size_t waiting = 0;
  std::size_t ended = 0;
  for (const Line& line : lines_) {
    waiting += line.state == State::waiting ? 1 : 0;
    ended += line.state == State::ended ? 1 : 0;
    const bool at_work = line.state == State::booting || line.state == State::running;
    if (all || at_work) drawn_lines.push_back(drawn(line, title_width));
  }
  if (!all) {
    drawn_lines.push_back(fmt::format("{} of {} ended, {} waiting", ended,
                                      counted(lines_.size(), "machine"), waiting));
  }
  return drawn_lines;
}

std::string RunDisplay::drawn(const Line& line, std::size_t title_width) const {
  const Style& style = terminal_.style();
  const double fraction =
      line.planned == 0 ? 0 : static_cast<double>(line.done) / static_cast<double>(line.planned);
  const Tone tone = line.bad > 0 ? Tone::bad : Tone::good;
  std::string text = pad(line.title, title_width) + "  " +
                     paint(bar(fraction, 16, style), tone, style) +
                     fmt::format(" {:3}/{}  ", line.done, line.planned);
  if (line.bad > 0) text += paint(fmt::format("{} bad  ", line.bad), Tone::bad, style);
  switch (line.state) {
    case State::waiting:
      return text + paint("waiting", Tone::faint, style);
    case State::booting:
      return text + paint("booting", Tone::faint, style);
    case State::running:
      text += runningTime(since(line.began)) + "  ";
      break;
    case State::ended:
      text += fmt::format("{}  ", inWords(line.took));
  }
  const std::size_t used = columnsOf(printable(text));
  const std::size_t room = style.width - std::min(style.width - 1, used + 1);
  return text + paint(truncate(line.detail, room, style), Tone::faint, style);
}

std::vector<MachineResult> bootMachines(std::vector<MachinePlan> plans,
                                        const RunDisplay::Titles& titles, unsigned jobs,
                                        Terminal& terminal) {
  SessionEnd end;
  {
    const unsigned at_a_time = jobsFor(jobs, plans);
    RunDisplay display(plans, titles, terminal);
    end = runMachines(plans, at_a_time, qemu::run, display);
  }
  if (end.interrupted_by != 0) throw sys::Interrupted(end.interrupted_by);
  return std::move(end.machines);
}

}  // namespace runner
