// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/terminal.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "runner/base/failure.h"
#include "runner/base/guest_text.h"
#include "runner/base/output.h"
#include "runner/base/words.h"

namespace runner {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstDrawing = 150ms;
constexpr auto kDrawings = 100ms;
constexpr auto kWorthALine = 2s;     // a step that took longer is kept on the screen
constexpr auto kBetweenLines = 10s;  // without a terminal

std::string percent(double fraction) {
  return fmt::format("{:3d} %", static_cast<int>(std::floor(std::clamp(fraction, 0.0, 1.0) * 100)));
}

}  // namespace

Terminal::Terminal() : live_(isLive(STDERR_FILENO)), style_(styleFor(STDERR_FILENO)) {}

Terminal::~Terminal() {
  hide();
}

void Terminal::print(std::string_view line) {
  if (closed_) throw OutputClosed();
  const std::lock_guard lock(mutex_);
  writeAll(STDERR_FILENO, fmt::format("{}{}\n", erased(), line));
}

void Terminal::show(std::function<std::vector<std::string>()> lines) {
  hide();
  if (!live_) return;
  lines_ = std::move(lines);
  drawer_ = std::jthread([this](const std::stop_token& stop) { drawUntil(stop); });
}

void Terminal::hide() {
  if (drawer_.joinable()) {
    drawer_.request_stop();
    drawer_.join();
  }
  const std::lock_guard lock(mutex_);
  lines_ = nullptr;
  write(erased());
}

void Terminal::drawUntil(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  auto pause = kFirstDrawing;
  // wait_for() returns early only to end the drawing.
  while (!wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); })) {
    pause = kDrawings;
    const std::size_t width = terminalColumns(STDERR_FILENO);
    std::string text = erased();
    for (const std::string& line : lines_()) {
      // A line that the terminal wraps could not be erased.
      text +=
          columnsOf(printable(line)) < width ? line : truncate(printable(line), width - 1, style_);
      text += '\n';
      ++drawn_;
    }
    write(text);
  }
}

std::string Terminal::erased() {
  if (drawn_ == 0) return "";
  return fmt::format("\x1b[{}A\r\x1b[J", std::exchange(drawn_, 0));
}

void Terminal::write(const std::string& text) {
  try {
    writeAll(STDERR_FILENO, text);
  } catch (const OutputClosed&) {
    closed_ = true;  // reported by the next print(), on the thread that has to stop
  } catch (const Failure&) {
    // A vanished terminal must not end a run.
  }
}

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
    began_ = printed_ = Clock::now();
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
    if (!terminal_.live() && Clock::now() - printed_ >= kBetweenLines) {
      printed_ = Clock::now();
      line = fmt::format("  {}{} {} ({})", step_, fraction ? ": " + percent(*fraction) : ":",
                         detail_, runningTime(elapsed()));
    }
  }
  if (!line.empty()) terminal_.print(line);
}

void TerminalProgress::note(std::string_view what) {
  if (std::ranges::count(notes_, what) != 0) return;
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
