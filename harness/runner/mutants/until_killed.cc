// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/until_killed.h"

#include <fmt/core.h>

#include <utility>

#include "qemu/machine.h"
#include "runner/results/verdict.h"
#include "runner/run/machine_plan.h"
#include "sys/interrupt.h"

namespace runner {

std::string killInWords(const CaseResult& kill) {
  if (kill.verdict == Verdict::fail || kill.verdict == Verdict::xpass) return kill.fullName();
  return fmt::format("{} in {}", nameOf(kill.verdict),
                     kill.name.empty() ? kill.filesystem : kill.fullName());
}

void UntilKilled::caseEnded(std::size_t /*index*/, const CaseResult& result) {
  if (!isBad(result.verdict) || kill_) return;
  if (result.verdict == Verdict::error) {
    if (!error_) error_ = result;
    return;
  }
  kill_ = result;
  throw Stop();
}

void UntilKilled::machineEnded(std::size_t /*index*/, const MachineResult& result) {
  if (!isBad(result.verdict) || kill_) return;
  CaseResult kill;
  kill.filesystem = result.filesystem;
  kill.verdict = result.verdict;
  (result.verdict == Verdict::error ? error_ : kill_) = kill;
}

std::optional<CaseResult> bootUntilKilled(MachinePlan plan) {
  plan.result.series_on = true;
  std::vector<MachinePlan> plans = {std::move(plan)};
  UntilKilled observer;
  try {
    const unsigned jobs = jobsFor(1, plans);
    const SessionEnd end = runMachines(plans, jobs, qemu::run, observer);
    if (end.interrupted_by != 0) throw sys::Interrupted(end.interrupted_by);
  } catch (const UntilKilled::Stop&) {
  }
  return observer.kill();
}

}  // namespace runner
