// SPDX-License-Identifier: GPL-2.0
#include "runner/base/terminal_progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "runner/base/guest_text.h"
#include "runner/base/words.h"

namespace runner {
namespace {

using namespace std::chrono_literals;

constexpr auto kWorthALine = 2s;     // a step that took longer is kept on the screen
constexpr auto kBetweenLines = 10s;  // without a terminal

std::string percent(double fraction) {
  return fmt::format("{:3d} %", static_cast<int>(std::floor(std::clamp(fraction, 0.0, 1.0) * 100)));
}

}  // namespace

TerminalProgress::TerminalProgress(Terminal& terminal) : terminal_(terminal) {
  terminal_.show([this] { return lines(); });
}

TerminalProgress::~TerminalProgress() {
  terminal_.hide();
}

void TerminalProgress::step(std::string_view what) {
  endStep();
  {
    const std::lock_guard lock(mutex_);
    step_ = what;
    detail_.clear();
    fraction_.reset();
    began_ = said_ = Clock::now();
  }
  if (!terminal_.live()) terminal_.print(what);
}

void TerminalProgress::endStep() {
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    if (step_.empty()) return;
    if (elapsed() > kWorthALine) line = fmt::format("{} ({})", step_, inWords(elapsed()));
    step_.clear();
  }
  if (terminal_.live() && !line.empty()) terminal_.print(line);
}

void TerminalProgress::advance(std::optional<double> fraction, std::string_view detail) {
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    fraction_ = fraction;
    detail_ = printable(detail);
    if (!terminal_.live() && Clock::now() - said_ >= kBetweenLines) {
      said_ = Clock::now();
      line = fmt::format("  {}{} {} ({})", step_, fraction ? ": " + percent(*fraction) : ":",
                         detail_, runningTime(elapsed()));
    }
  }
  if (!line.empty()) terminal_.print(line);
}

void TerminalProgress::note(std::string_view what) {
  notes_.emplace_back(what);
  remark(what);
}

void TerminalProgress::remark(std::string_view what) {
  terminal_.print(fmt::format("note: {}", what));
}

std::chrono::milliseconds TerminalProgress::elapsed() const {
  return since(began_);
}

std::vector<std::string> TerminalProgress::lines() {
  const std::lock_guard lock(mutex_);
  if (step_.empty()) return {};
  const Style& style = terminal_.style();
  std::string line = paint(step_, Tone::strong, style) + "  ";
  if (fraction_) line += bar(*fraction_, 24, style) + ' ' + percent(*fraction_) + "  ";
  line += runningTime(elapsed());
  if (!detail_.empty()) {
    const std::size_t used = columnsOf(printable(line)) + 2;
    const std::size_t room = style.width - std::min(style.width - 1, used + 1);
    line += "  " + paint(truncate(detail_, room, style), Tone::faint, style);
  }
  return {line};
}

std::string bar(double fraction, std::size_t columns, const Style& style) {
  const auto full = static_cast<std::size_t>(
      std::lround(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(columns)));
  std::string text;
  for (std::size_t i = 0; i < columns; ++i) {
    if (style.unicode) {
      text += i < full ? "\u2501" : "\u2500";
    } else {
      text += i < full ? '#' : '.';
    }
  }
  return text;
}

}  // namespace runner
