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

// Is told what the machines of a run do, each by its index in the plan. Calls come from several
// threads, one after the other for each machine. May throw: the machine is then ended and the
// exception comes out of runMachines.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void machineStarted(std::size_t /*index*/) {}
  virtual void machineBooted(std::size_t /*index*/) {}
  virtual void caseStarted(std::size_t /*index*/, const PlannedCase& /*planned*/) {}
  virtual void caseEnded(std::size_t /*index*/, const CaseResult& /*result*/) {}
  virtual void machineEnded(std::size_t /*index*/, const MachineResult& /*result*/) {}
};

class MachineRecord : public qemu::Listener {
 public:
  // console_log: what the machine writes its console to; read again for cases that did not pass.
  // index: of the machine, for the observer. Every timeout is multiplied by timeout_factor.
  MachineRecord(const std::vector<PlannedCase>& planned, std::string console_log,
                RunObserver& observer, std::size_t index, unsigned timeout_factor);

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
  // The last lines of the console after `offset` bytes, of its last 64 KiB at most, oldest first.
  // Nothing if it can't be read: it is evidence, and its absence must not change a verdict.
  std::vector<std::string> consoleSince(std::uintmax_t offset) const;
  // The running case ends without a verdict of its own; what the kernel complained of meanwhile
  // goes into it.
  void endRunningCase(Verdict verdict, const std::string& reason, std::vector<std::string> console);
  // Every planned case in order, those without a verdict as `verdict` for `reason`.
  std::vector<CaseResult> allCases(Verdict verdict, const std::string& reason);

  std::vector<PlannedCase> planned_;
  std::string console_log_;
  RunObserver& observer_;
  std::size_t index_;
  unsigned timeout_factor_;
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
