// SPDX-License-Identifier: GPL-2.0-only
// Boots a mutant until something kills it, and no longer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/results/results.h"
#include "runner/run/machine_record.h"
#include "runner/run/session.h"

namespace runner {

// What killed a mutant, in words: "A2.EveryOpenFdReportsOnce/ext4/overlay", "a panic in ...".
std::string killInWords(const CaseResult& kill);

// Ends a machine at the first verdict that `run` would not pass. An error of the suite does not end
// it: a case may yet fail, which says more.
class UntilKilled : public RunObserver {
 public:
  struct Stop {};  // thrown to runMachines()

  void caseEnded(std::size_t index, const CaseResult& result) override;
  void machineEnded(std::size_t index, const MachineResult& result) override;
  // The verdict that killed the mutant; nothing if it survived.
  std::optional<CaseResult> kill() const { return kill_ ? kill_ : error_; }

 private:
  std::optional<CaseResult> kill_, error_;
};

// Boots the machine, and ends it at what kills the mutant. Nothing: the mutant survives. Throws
// what runMachines() throws, and Interrupted.
std::optional<CaseResult> bootUntilKilled(MachinePlan plan);

}  // namespace runner
