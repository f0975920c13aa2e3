// SPDX-License-Identifier: GPL-2.0
// MachineRecord: turns what one machine says, and how it ends, into one result for every case that
// was planned. No case is ever dropped.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "qemu/machine.h"
#include "runner/results/case_list.h"
#include "runner/results/results.h"
#include "runner/results/verdict_stream.h"

namespace runner {

// Is told what a machine does while it does it; called from the machine's thread.
class MachineObserver {
 public:
  virtual ~MachineObserver() = default;
  virtual void booted(const std::string& kernel) = 0;
  virtual void caseStarted(const PlannedCase& planned) = 0;
  virtual void caseEnded(const CaseResult& result) = 0;
};

class MachineRecord : public qemu::Listener {
 public:
  // console_log: what the machine writes its console to; read again for cases that did not pass.
  // patience: every limit is that many times longer.
  MachineRecord(const std::vector<PlannedCase>& planned, std::string console_log,
                MachineObserver& observer, unsigned patience = 1);

  void line(std::string_view text) override;
  bool complete() const override { return complete_; }
  void splat(std::string_view first_line) override;

  // To be given to qemu::run: the silence that is allowed follows the limit of the running case.
  const qemu::Limits& limits() const { return limits_; }

  // Fills in cases, verdict, detail, console_tail, kernel and times once the machine has ended.
  void finish(const qemu::Outcome& outcome, MachineResult& result);
  // The same for a machine that was stopped by the user.
  void finishInterrupted(MachineResult& result);

 private:
  void on(const HelloEvent& hello);
  void on(const UnableEvent& unable);
  void on(const StartEvent& start);
  void on(const VerdictEvent& verdict);
  void on(const EndEvent& end);
  void on(const MalformedLine& malformed);

  void keep(CaseResult result);
  void protocolError(const std::string& what);
  // Before the event `what`: there has to be a hello first, and nothing comes after the end.
  void expectMidRun(const std::string& what);
  std::vector<std::string> consoleSince(std::uintmax_t offset) const;
  // The running case ends without a verdict of its own; what the kernel complained of meanwhile
  // goes into it.
  void endRunningCase(Verdict verdict, const std::string& reason, std::vector<std::string> console);
  // Every planned case in order, those without a verdict as `verdict` for `reason`.
  std::vector<CaseResult> allCases(Verdict verdict, const std::string& reason);

  std::vector<PlannedCase> planned_;
  std::string console_log_;
  MachineObserver& observer_;
  unsigned patience_;
  qemu::Limits limits_;
  std::set<std::string> expected_;  // full names of the planned cases
  std::map<std::string, CaseResult> results_;
  std::vector<CaseResult> unplanned_;
  std::optional<PlannedCase> running_;
  std::string last_ended_;               // full name
  std::uintmax_t console_at_start_ = 0;  // size of the console log when the running case began
  std::vector<std::string> running_splats_;
  std::vector<std::string> stray_splats_;  // before the first case
  std::vector<std::string> unable_;
  std::vector<std::string> protocol_errors_;
  std::string kernel_;
  std::size_t verdicts_ = 0;
  bool greeted_ = false;  // there was a hello
  bool complete_ = false;
};

}  // namespace runner
