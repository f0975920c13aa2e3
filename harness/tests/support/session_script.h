// SPDX-License-Identifier: GPL-2.0-only
// Machines that follow a script, for the tests of sessions: three planned cases, what a guest says
// about them, and how the machine ends.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "runner/run/session.h"

namespace runner {

inline const PlannedCase kFirst{"A1.First", "A1", "ext4", "plain"};
inline const PlannedCase kSecond{"A1.First", "A1", "ext4", "overlay"};
inline const PlannedCase kThird{"A2.Third", "A2", "ext4", "overlay"};

inline std::string hello(int cases) {
  return fmt::format(R"({{"event":"hello","protocol":1,"kernel":"7.3.4","cases":{}}})", cases);
}
inline std::string start(const PlannedCase& of, int limit = 20) {
  return fmt::format(R"({{"event":"start","case":"{}","requirement":"{}","filesystem":"{}",)"
                     R"("subject":"{}","limit_seconds":{}}})",
                     of.name, of.requirement, of.filesystem, of.subject, limit);
}
inline std::string verdict(const PlannedCase& of, const std::string& word = "pass") {
  return fmt::format(R"({{"event":"verdict","case":"{}","requirement":"{}","filesystem":"{}",)"
                     R"("subject":"{}","verdict":"{}","reason":"","milliseconds":1.0,)"
                     R"("failures":[],"faults":[]}})",
                     of.name, of.requirement, of.filesystem, of.subject, word);
}
inline std::string end(int verdicts) {
  return fmt::format(R"({{"event":"end","verdicts":{}}})", verdicts);
}

class Silent : public RunObserver {};

inline MachinePlan plan() {
  MachinePlan plan;
  plan.cases = {kFirst, kSecond, kThird};
  plan.result.filesystem = "ext4";
  plan.result.series_on = true;
  return plan;
}

inline qemu::Outcome ended(qemu::EndKind kind, const std::string& detail = "") {
  qemu::Outcome outcome;
  outcome.kind = kind;
  outcome.detail = detail;
  outcome.end = kind;
  outcome.end_detail = detail;
  outcome.console_tail = {"the last line"};
  return outcome;
}

// The machine ended like this after these splats.
inline qemu::Outcome endedAfterSplats(qemu::EndKind end, std::vector<std::string> splats) {
  qemu::Outcome outcome = ended(end, "what was seen");
  outcome.kind = qemu::EndKind::splat;
  outcome.detail = "the kernel complained; then what was seen";
  outcome.splats = std::move(splats);
  return outcome;
}

// Runs one machine that executes `script` on its listener.
inline MachineResult runScript(const std::function<qemu::Outcome(qemu::Listener&)>& script) {
  Silent silent;
  const MachineFunction machine = [&](const qemu::Machine&, const qemu::Boot&, const qemu::Limits&,
                                      qemu::Listener& listener) { return script(listener); };
  return runMachines({plan()}, 1, machine, silent).machines.at(0);
}

inline std::vector<Verdict> verdictsOf(const MachineResult& result) {
  std::vector<Verdict> verdicts;
  for (const CaseResult& each : result.cases) verdicts.push_back(each.verdict);
  return verdicts;
}

inline void say(qemu::Listener& listener, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) listener.line(line);
}

}  // namespace runner
