// SPDX-License-Identifier: GPL-2.0
// Terminal: standard error, with a few lines at its end that are drawn again and again while
// something is under way, and lines above them that stay.
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

  // False: nothing is ever drawn again, every line stays.
  bool live() const { return live_; }
  const Style& style() const { return style_; }

  // A line that stays. Throws OutputClosed.
  void print(std::string_view line);
  // Draws what `lines` gives, ten times a second from a thread of its own, until hide(). The first
  // time comes after a moment, so that what is short does not flicker. Nothing unless live().
  void show(std::function<std::vector<std::string>()> lines);
  // Ends it and removes the lines from the screen.
  void hide();

 private:
  void drawUntil(const std::stop_token& stop);
  std::string erased();  // what removes the drawn lines
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

// The steps of a build on standard error. On a terminal the step under way is drawn with its
// fraction and its time, and steps that took long leave a line; elsewhere every step is a line, and
// a long one says every ten seconds how far it is.
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

  // All notes so far, for the reports.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  using Clock = std::chrono::steady_clock;

  void endStep();
  std::chrono::milliseconds elapsed() const;
  std::vector<std::string> lines();

  Terminal& terminal_;
  std::mutex mutex_;  // of the step: it is drawn by another thread
  std::string step_, detail_;
  std::optional<double> fraction_;
  Clock::time_point began_, said_;
  std::vector<std::string> notes_;
};

// "######....", as wide as that many columns.
std::string bar(double fraction, std::size_t columns, const Style& style);

}  // namespace runner
