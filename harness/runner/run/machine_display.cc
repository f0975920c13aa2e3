// SPDX-License-Identifier: GPL-2.0
#include "runner/run/machine_display.h"

#include <fmt/core.h>

#include "runner/base/terminal_progress.h"
#include "runner/base/words.h"
#include "runner/reports/summary.h"

namespace runner {

MachineDisplay::MachineDisplay(std::vector<std::string> titles, Terminal& terminal)
    : titles_(std::move(titles)), terminal_(terminal) {
  terminal_.show([this] { return lines(); });
}

MachineDisplay::~MachineDisplay() {
  terminal_.hide();
}

void MachineDisplay::machineStarted(std::size_t index) {
  const std::lock_guard lock(mutex_);
  running_.insert(index);
}

void MachineDisplay::machineEnded(std::size_t index, const MachineResult& result) {
  {
    const std::lock_guard lock(mutex_);
    running_.erase(index);
    ++ended_;
  }
  if (terminal_.live()) return;
  terminal_.print(fmt::format("{}: {} in {}", titles_[index], countsInWords(result.cases),
                              inWords(result.total)));
}

std::vector<std::string> MachineDisplay::lines() {
  const std::lock_guard lock(mutex_);
  const Style& style = terminal_.style();
  std::vector<std::string> names;
  for (const std::size_t index : running_) names.push_back(titles_[index]);
  const double fraction = static_cast<double>(ended_) / static_cast<double>(titles_.size());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began_);
  const std::string text = fmt::format("boot  {} {:3}/{}  {}  ", bar(fraction, 16, style), ended_,
                                       titles_.size(), runningTime(took));
  const std::size_t used = columnsOf(text);
  const std::size_t room = style.width - std::min(style.width - 1, used + 1);
  return {text + paint(truncate(listed(names), room, style), Tone::faint, style)};
}

}  // namespace runner
