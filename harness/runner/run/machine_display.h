// SPDX-License-Identifier: GPL-2.0
// MachineDisplay: many machines at work, each with a title, on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runner/base/terminal.h"
#include "runner/run/session.h"

namespace runner {

// On a terminal one line with how many machines have ended and which run; elsewhere a line for each
// that has ended.
class MachineDisplay : public RunObserver {
 public:
  // titles: of the machines, as they are planned.
  MachineDisplay(std::vector<std::string> titles, Terminal& terminal);
  MachineDisplay(const MachineDisplay&) = delete;
  MachineDisplay& operator=(const MachineDisplay&) = delete;
  ~MachineDisplay() override;

  void machineStarted(std::size_t index) override;
  void machineBooted(std::size_t /*index*/, const std::string& /*kernel*/) override {}
  void caseStarted(std::size_t /*index*/, const PlannedCase& /*planned*/) override {}
  void caseEnded(std::size_t /*index*/, const CaseResult& /*result*/) override {}
  void machineEnded(std::size_t index, const MachineResult& result) override;

 private:
  std::vector<std::string> lines();

  const std::vector<std::string> titles_;
  Terminal& terminal_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mutex mutex_;  // of what follows
  std::set<std::size_t> running_;
  std::size_t ended_ = 0;
};

}  // namespace runner
