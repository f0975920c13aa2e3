// SPDX-License-Identifier: GPL-2.0
// Terminal: standard error, with a few lines at its end that are drawn again and again while
// something is under way, and lines above them that stay.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

}  // namespace runner
