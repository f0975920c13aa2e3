// SPDX-License-Identifier: GPL-2.0-only
// Terminal: standard error, with a few lines at its end that are redrawn while something is under
// way, and permanent lines above them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runner/base/progress.h"
#include "runner/base/style.h"

namespace runner {

class Terminal {
 public:
  Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  // False: nothing is ever redrawn, every line stays.
  bool live() const { return live_; }
  const Style& style() const { return style_; }

  // Prints a line that stays. Throws OutputClosed.
  void print(std::string_view line);
  // Draws what `lines` returns ten times a second, from its own thread, until hide(). It starts
  // after a moment, so that short work does not flicker. Does nothing unless live().
  void show(std::function<std::vector<std::string>()> lines);
  // Stops drawing and removes the lines from the screen.
  void hide();

 private:
  void drawUntil(const std::stop_token& stop);
  std::string erased();  // the escape sequence that erases the drawn lines
  void write(const std::string& text);

  const bool live_;
  const Style style_;
  std::mutex mutex_;  // of everything below
  std::condition_variable_any wake_;
  std::function<std::vector<std::string>()> lines_;
  std::size_t drawn_ = 0;  // lines on the screen now
  std::atomic<bool> closed_ = false;
  std::jthread drawer_;
};

// Shows the steps of a build on standard error. On a terminal the current step is redrawn with its
// fraction and time, and a step that took long leaves a line; elsewhere every step prints a line,
// and a long one reports its progress every ten seconds.
class TerminalProgress : public Progress {
 public:
  explicit TerminalProgress(Terminal& terminal);
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
  ~TerminalProgress() override;

  void step(std::string_view what) override;
  void advance(std::optional<double> fraction, std::string_view detail) override;
  void note(std::string_view what) override;
  void remark(std::string_view what) override;

  // All notes so far, each once, for the reports.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  using Clock = std::chrono::steady_clock;

  void endStep();
  std::chrono::milliseconds elapsed() const;
  std::vector<std::string> lines();

  Terminal& terminal_;
  std::mutex mutex_;  // guards the step, which another thread draws
  std::string step_, detail_;
  std::optional<double> fraction_;
  Clock::time_point began_, printed_;
  std::vector<std::string> notes_;
};

// "######....", that many columns wide.
std::string bar(double fraction, std::size_t columns, const Style& style);

}  // namespace runner
