// SPDX-License-Identifier: GPL-2.0-only
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

// On a terminal, one line per machine with its counts and the running case; only machines at work
// if there are too few rows. Elsewhere, one line per unexpected verdict and per machine that ended.
class RunDisplay : public RunObserver {
 public:
  struct Titles {
    std::vector<std::string> of_machines;  // one per machine
  };

  // guards: requirements that also hold without the series.
  RunDisplay(const std::vector<MachinePlan>& plans, std::vector<std::string> guards,
             Terminal& terminal);
  // For machines whose failures are not worth a line, as with mutants.
  RunDisplay(const std::vector<MachinePlan>& plans, const Titles& titles, Terminal& terminal);
  RunDisplay(const RunDisplay&) = delete;
  RunDisplay& operator=(const RunDisplay&) = delete;
  ~RunDisplay() override;

  void machineStarted(std::size_t index) override;
  void machineBooted(std::size_t index) override;
  void caseStarted(std::size_t index, const PlannedCase& planned) override;
  void caseEnded(std::size_t index, const CaseResult& result) override;
  void machineEnded(std::size_t index, const MachineResult& result) override;

 private:
  using Clock = std::chrono::steady_clock;
  enum class State { waiting, booting, running, ended };
  // Which failures count as bad: all, those that the series does not explain, or none.
  enum class Failures { bad, mayBeExpected, noNews };
  struct Line {
    std::string title;  // "ext4", "ext4 series off", "6.1.y ext4 series off"
    std::size_t planned = 0, done = 0, bad = 0;
    Failures failures = Failures::bad;
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

// Runs machines whose failures are not worth a line, `jobs` at a time (jobsFor()). Throws what
// runMachines() throws, and Interrupted.
std::vector<MachineResult> bootMachines(std::vector<MachinePlan> plans,
                                        const RunDisplay::Titles& titles, unsigned jobs,
                                        Terminal& terminal);

}  // namespace runner
