// SPDX-License-Identifier: GPL-2.0-only
// MachineRecord: turns the verdicts of one machine, and the way it ends, into one result for every
// planned case. No case is ever dropped.
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

// Learns what the machines of a run do; index: of the machine in the plan. Called from several
// threads, but for one machine sequentially. May throw: the machine is then killed and
// runMachines() throws the exception.
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
  // console_log: the file with the machine's console, read for cases that did not pass. index: of
  // the machine, for the observer. Every timeout is multiplied by timeout_factor.
  MachineRecord(const std::vector<PlannedCase>& planned, std::string console_log,
                RunObserver& observer, std::size_t index, unsigned timeout_factor);

  void line(std::string_view text) override;
  bool complete() const override { return complete_; }
  void splat(std::string_view first_line) override;

  // For qemu::run(): the allowed silence changes with the limit of the running case.
  const qemu::Limits& limits() const { return limits_; }

  // After the machine has ended: sets cases, verdict, detail, console_tail, kernel and times.
  void finish(const qemu::Outcome& outcome, MachineResult& result);
  // The same for a machine that the user interrupted.
  void finishInterrupted(MachineResult& result);

 private:
  void on(const HelloEvent& hello);
  void on(const UnableEvent& unable);
  void on(const QuirksEvent& quirks);
  void on(const PairsEvent& pairs);
  void on(const NoteEvent& note);
  void on(const StartEvent& start);
  void on(const VerdictEvent& verdict);
  void on(const EndEvent& end);
  void on(const MalformedLine& malformed);

  void keep(CaseResult result);
  void protocolError(const std::string& what);
  // Checks that the event `what` comes after a hello and before the end.
  void expectMidRun(const std::string& what);
  // Ends the running case without a verdict of its own, and adds the splats seen during it.
  void endRunningCase(Verdict verdict, const std::string& reason, std::vector<std::string> console);
  // All planned cases in order; those without a verdict get `verdict` and `reason`.
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
  bool lacks_only_filesystem_ = true;  // by all of them
  std::vector<std::string> notes_;
  std::vector<std::string> protocol_errors_;
  std::string kernel_;
  QuirksEvent quirks_;
  Pairs pairs_;
  std::size_t verdicts_ = 0;
  bool greeted_ = false;  // hello received
  bool complete_ = false;
};

}  // namespace runner
