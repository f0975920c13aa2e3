// SPDX-License-Identifier: GPL-2.0
// TerminalProgress: the steps of a build on standard error.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/base/progress.h"
#include "runner/base/terminal.h"

namespace runner {

// On a terminal the step under way is drawn with its fraction and its time, and steps that took
// long leave a line; elsewhere every step is a line, and a long one says every ten seconds how far
// it is.
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
