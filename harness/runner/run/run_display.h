// SPDX-License-Identifier: GPL-2.0
// RunDisplay: the machines at work, on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "runner/base/terminal.h"
#include "runner/run/session.h"

namespace runner {

// On a terminal one line for each machine with its counts and the case that runs, for those at work
// only if it has too few rows; elsewhere one
// line for each case that needs a look and for each machine that has ended.
class RunDisplay : public RunObserver {
 public:
  // guards: requirements that hold without the series as well.
  RunDisplay(const std::vector<MachinePlan>& plans, std::vector<std::string> guards,
             Terminal& terminal);
  RunDisplay(const RunDisplay&) = delete;
  RunDisplay& operator=(const RunDisplay&) = delete;
  ~RunDisplay() override;

  void machineStarted(std::size_t index) override;
  void machineBooted(std::size_t index, const std::string& kernel) override;
  void caseStarted(std::size_t index, const PlannedCase& planned) override;
  void caseEnded(std::size_t index, const CaseResult& result) override;
  void machineEnded(std::size_t index, const MachineResult& result) override;

 private:
  using Clock = std::chrono::steady_clock;
  enum class State { waiting, booting, running, ended };
  struct Line {
    std::string title;  // "ext4", "ext4 series off", "6.1.y ext4 series off"
    std::size_t planned = 0, done = 0, bad = 0;
    bool may_fail = false;  // it runs without the series, beside one with it
    State state = State::waiting;
    std::string detail;  // the running case, or how it ended
    Clock::time_point began;
    std::chrono::milliseconds took{0};
  };

  std::vector<std::string> lines();
  std::string drawn(const Line& line, std::size_t title_width) const;

  const std::vector<std::string> guards_;
  Terminal& terminal_;
  std::mutex mutex_;  // of the lines
  std::vector<Line> lines_;
};

}  // namespace runner
