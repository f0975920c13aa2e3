// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/session.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "sys/interrupt.h"

namespace runner {
namespace {

class Session {
 public:
  Session(const std::vector<MachinePlan>& plans, const MachineFunction& run, RunObserver& observer)
      : plans_(plans), run_(run), observer_(observer) {
    for (const MachinePlan& plan : plans_) end_.machines.push_back(plan.result);
  }

  SessionEnd runAll(unsigned jobs) {
    {
      std::vector<std::jthread> workers;
      const std::size_t count = std::min<std::size_t>(std::max(jobs, 1u), plans_.size());
      for (std::size_t i = 0; i < count; ++i) workers.emplace_back([this] { work(); });
    }
    if (problem_) std::rethrow_exception(problem_);
    return std::move(end_);
  }

 private:
  // Runs one machine after another. A machine's process dies with the thread that started it, so
  // the thread waits for it.
  void work() {
    for (std::size_t index = next_++; index < plans_.size(); index = next_++) {
      try {
        runOne(index);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!problem_) problem_ = std::current_exception();
        stopping_ = true;
      }
    }
  }

  void runOne(std::size_t index) {
    const MachinePlan& plan = plans_[index];
    MachineResult& result = end_.machines[index];
    if (!plan.skip_reason.empty()) {
      skip(plan, result);
      observer_.machineEnded(index, result);
      return;
    }
    MachineRecord record(plan.cases, result.console_log, observer_, index, plan.timeout_factor);
    if (stopping_) return record.finishInterrupted(result);
    observer_.machineStarted(index);
    try {
      const qemu::Outcome outcome = run_(plan.machine, plan.boot, record.limits(), record);
      record.finish(outcome, result);
    } catch (const sys::Interrupted& interrupted) {
      const std::lock_guard lock(mutex_);
      end_.interrupted_by = interrupted.signal();
      stopping_ = true;
      record.finishInterrupted(result);
    }
    observer_.machineEnded(index, result);
  }

  static void skip(const MachinePlan& plan, MachineResult& result) {
    result.verdict = Verdict::skip;
    result.detail = plan.skip_reason;
    for (const PlannedCase& planned : plan.cases) {
      result.cases.push_back({planned, Verdict::skip, plan.skip_reason});
      result.cases.back().reached = false;
    }
  }

  const std::vector<MachinePlan>& plans_;
  const MachineFunction& run_;
  RunObserver& observer_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::exception_ptr problem_;
  SessionEnd end_;
};

}  // namespace

SessionEnd runMachines(const std::vector<MachinePlan>& plans, unsigned jobs,
                       const MachineFunction& run, RunObserver& observer) {
  return Session(plans, run, observer).runAll(jobs);
}

}  // namespace runner
