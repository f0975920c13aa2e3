// SPDX-License-Identifier: GPL-2.0-only
#include "runner/run/machine_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/results/verdict.h"
#include "runner/run/console_log.h"
#include "runner/run/machine_end.h"
#include "runner/run/unable.h"

namespace runner {
namespace {

using namespace std::chrono_literals;

// From the boot to the first case and between cases, when a filesystem is set up or torn down.
constexpr auto kBetweenCases = 15s;

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

void add(std::string& detail, const std::string& more) {
  detail += (detail.empty() ? "" : "; ") + more;
}

}  // namespace

MachineRecord::MachineRecord(const std::vector<PlannedCase>& planned, std::string console_log,
                             RunObserver& observer, std::size_t index, unsigned timeout_factor)
    : planned_(planned),
      console_log_(std::move(console_log)),
      observer_(observer),
      index_(index),
      timeout_factor_(timeout_factor) {
  limits_.boot *= timeout_factor_;
  limits_.shutdown *= timeout_factor_;
  limits_.silence = kBetweenCases * timeout_factor_;
  for (const PlannedCase& each : planned_) expected_.insert(each.fullName());
}

void MachineRecord::line(std::string_view text) {
  std::visit([this](const auto& event) { on(event); }, parseEvent(text));
}

void MachineRecord::splat(std::string_view first_line) {
  if (running_) {
    running_splats_.emplace_back(first_line);
    return;
  }
  // The console and the verdicts are two channels: a splat seen between two cases most likely
  // belongs to the one that just ended.
  const auto last = results_.find(last_ended_);
  if (last == results_.end()) {
    stray_splats_.emplace_back(first_line);
    return;
  }
  CaseResult& result = last->second;
  if (result.verdict != Verdict::splat) {
    result.reason = fmt::format("{} (the case itself: {})", first_line, nameOf(result.verdict));
    result.verdict = Verdict::splat;
    result.console = linesOfLog(console_log_, console_at_start_);
  }
}

void MachineRecord::on(const HelloEvent& hello) {
  if (greeted_) protocolError("a second hello");
  if (complete_) protocolError("a hello after the end");
  greeted_ = true;
  kernel_ = hello.kernel;
  observer_.machineBooted(index_);
  if (hello.protocol != kProtocol) {
    protocolError(fmt::format("the guest speaks version {} of the verdict stream, not {}",
                              hello.protocol, kProtocol));
  }
  if (hello.cases != planned_.size()) {
    protocolError(fmt::format("the guest announced {} cases, but {} are planned", hello.cases,
                              planned_.size()));
  }
}

void MachineRecord::on(const UnableEvent& unable) {
  if (complete_ && unable_.empty()) protocolError("\"unable\" after the end");
  unable_.push_back(unable.what);
  lacks_only_filesystem_ = lacks_only_filesystem_ && unable.only_filesystem;
  complete_ = true;
}

void MachineRecord::on(const QuirksEvent& quirks) {
  expectMidRun("quirks");
  quirks_ = quirks;
}

void MachineRecord::on(const PairsEvent& pairs) {
  expectMidRun("pairs");
  pairs_ = pairs.pairs;
}

void MachineRecord::on(const NoteEvent& note) {
  notes_.push_back(note.what);
}

void MachineRecord::on(const StartEvent& start) {
  expectMidRun("a start");
  if (running_) {
    endRunningCase(Verdict::error, "the guest started another case without reporting a verdict",
                   linesOfLog(console_log_, console_at_start_));
  }
  running_.emplace(start);
  console_at_start_ = sizeOfLog(console_log_);
  limits_.silence = std::max(start.limit, std::chrono::seconds(1)) * timeout_factor_;
  observer_.caseStarted(index_, *running_);
}

void MachineRecord::on(const VerdictEvent& verdict) {
  expectMidRun("a verdict");
  CaseResult result = verdict.result;
  if (!running_ || running_->fullName() != result.fullName()) {
    protocolError(fmt::format("a verdict for {}, which was not running", result.fullName()));
  }
  if (result.verdict == Verdict::pass && !result.failures.empty()) {
    result.verdict = Verdict::error;
    result.reason = "the guest reported a pass together with failures";
    protocolError(fmt::format("{} passed with failures", result.fullName()));
  }
  if (!running_splats_.empty()) {
    result.reason =
        fmt::format("{} (the case itself: {}{}{})", joined(running_splats_), nameOf(result.verdict),
                    result.reason.empty() ? "" : ", ", result.reason);
    result.verdict = Verdict::splat;
  }
  if (result.verdict != Verdict::pass) result.console = linesOfLog(console_log_, console_at_start_);
  running_.reset();
  running_splats_.clear();
  limits_.silence = kBetweenCases * timeout_factor_;
  ++verdicts_;
  keep(std::move(result));
}

void MachineRecord::on(const EndEvent& end) {
  expectMidRun("an end");
  complete_ = true;
  if (end.verdicts != verdicts_) {
    protocolError(
        fmt::format("the guest reported {} verdicts, but {} arrived", end.verdicts, verdicts_));
  }
}

void MachineRecord::on(const MalformedLine& malformed) {
  protocolError("not a line of the verdict stream: " + malformed.why);
}

void MachineRecord::keep(CaseResult result) {
  const std::string name = result.fullName();
  last_ended_ = name;
  observer_.caseEnded(index_, result);
  if (expected_.count(name) == 0) {
    protocolError(fmt::format("a verdict for {}, which was not planned", name));
    unplanned_.push_back(std::move(result));
    return;
  }
  const auto [kept, is_new] = results_.try_emplace(name, result);
  if (is_new) return;
  protocolError(fmt::format("a second verdict for {}", name));
  kept->second.verdict = worse(kept->second.verdict, result.verdict);
}

void MachineRecord::protocolError(const std::string& what) {
  constexpr std::size_t kMost = 5;
  if (protocol_errors_.size() < kMost) protocol_errors_.push_back(what);
}

void MachineRecord::expectMidRun(const std::string& what) {
  if (!greeted_) protocolError(what + " without a hello before it");
  greeted_ = true;  // said once
  if (complete_) protocolError(what + (unable_.empty() ? " after the end" : " after \"unable\""));
}

void MachineRecord::endRunningCase(Verdict verdict, const std::string& reason,
                                   std::vector<std::string> console) {
  CaseResult result{*running_, verdict, reason};
  if (!running_splats_.empty()) {
    result.verdict = worse(verdict, Verdict::splat);
    result.reason = verdict == Verdict::panic
                        ? fmt::format("{} (before it: {})", reason, joined(running_splats_))
                        : fmt::format("{} (then: {})", joined(running_splats_), reason);
  }
  result.console = std::move(console);
  running_.reset();
  running_splats_.clear();
  keep(std::move(result));
}

std::vector<CaseResult> MachineRecord::allCases(Verdict verdict, const std::string& reason) {
  std::vector<CaseResult> cases;
  for (const PlannedCase& each : planned_) {
    const auto found = results_.find(each.fullName());
    if (found != results_.end()) {
      cases.push_back(found->second);
      continue;
    }
    cases.push_back({each, verdict, "not run: " + reason});
    cases.back().reached = false;
  }
  cases.insert(cases.end(), unplanned_.begin(), unplanned_.end());
  return cases;
}

void MachineRecord::finish(const qemu::Outcome& outcome, MachineResult& result) {
  result.kernel = kernel_;
  result.quirks_asked = quirks_.asked;
  result.quirks_found = quirks_.found;
  result.pairs = pairs_;
  result.boot = outcome.boot;
  result.total = outcome.total;
  // Judge the end alone: an earlier splat belongs to the case that was running then.
  bool finished = outcome.end == qemu::EndKind::finished;
  if (!greeted_ && unable_.empty()) {
    unable_ = unableOnConsole(console_log_);
    lacks_only_filesystem_ = false;
    finished = finished || !unable_.empty();
  }
  result.notes = notes_;
  const std::string where = running_              ? " in " + running_->fullName()
                            : last_ended_.empty() ? " before the first case"
                                                  : " after " + last_ended_;
  const std::string missing = "no case can run on this kernel, which lacks: " + joined(unable_);
  Verdict unreached = Verdict::error;
  std::string why = unable_.empty() ? "the guest ended without reporting a verdict"
                                    : "no case can run on this kernel";
  if (!finished) {
    unreached = Verdict::lost;
    why = fmt::format("the machine {}{}", endInWords(outcome.end), where);
  }

  if (running_) {
    endRunningCase(finished ? Verdict::error : verdictOf(outcome.end),
                   finished ? "the guest ended while the case was running" : outcome.end_detail,
                   outcome.console_tail);
  } else if (!finished) {
    result.verdict = verdictOf(outcome.end);
    result.detail = fmt::format("{}{}: {}", endInWords(outcome.end), where, outcome.end_detail);
  }
  if (!unable_.empty()) {
    result.verdict = worse(result.verdict, Verdict::error);
    result.detail = missing + (result.detail.empty() ? "" : "; then it " + result.detail);
  }

  const bool told = std::ranges::any_of(
      results_, [](const auto& each) { return each.second.verdict == Verdict::splat; });
  const auto& splats = stray_splats_.empty() && !told ? outcome.splats : stray_splats_;
  if (!splats.empty() && result.verdict != Verdict::panic) {
    result.verdict = Verdict::splat;
    add(result.detail, joined(splats));
  }
  if (!protocol_errors_.empty()) {
    result.verdict = result.verdict == Verdict::pass ? Verdict::error : result.verdict;
    add(result.detail, joined(protocol_errors_));
  }
  result.lacks = unable_;
  if (!unable_.empty() && lacks_only_filesystem_ && result.verdict == Verdict::error) {
    result.verdict = Verdict::skip;
    result.detail = joined(unable_);
    for (const PlannedCase& each : planned_) {
      result.cases.push_back({each, Verdict::skip, result.detail});
      result.cases.back().reached = false;
    }
    return;
  }
  result.cases = allCases(unreached, why);
  const bool bad = result.verdict != Verdict::pass ||
                   std::ranges::any_of(result.cases, isBad, &CaseResult::verdict);
  if (bad) result.console_tail = outcome.console_tail;
}

void MachineRecord::finishInterrupted(MachineResult& result) {
  result.kernel = kernel_;
  result.detail = "interrupted";
  if (running_) {
    result.detail += " in " + running_->fullName();
    endRunningCase(Verdict::error, "interrupted while running",
                   linesOfLog(console_log_, console_at_start_));
  }
  result.cases = allCases(Verdict::error, "interrupted");
}

}  // namespace runner
