// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/verdict_listener.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "conformance/expect.h"

namespace conformance {
namespace {

struct Judgement {
  std::string verdict;
  std::string reason;
};

// Errors of the suite come first: a failure in a broken setup is not a verdict.
Judgement judge(const CaseRun& run, bool failed) {
  if (!run.error.empty()) return {"error", run.error};
  const bool is_expected = !run.expected_failure.empty();
  if (failed) return {is_expected ? "xfail" : "fail", run.expected_failure};
  if (!run.skipped.empty()) return {"skip", run.skipped};
  return {is_expected ? "xpass" : "pass", run.expected_failure};
}

std::string onOneLine(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

Event describe(const char* event, const CaseRun& run) {
  return {{"event", event},
          {"case", run.test->name()},
          {"requirement", run.test->requirement},
          {"filesystem", run.filesystem},
          {"subject", name(run.subject)}};
}

}  // namespace

const CaseRun& VerdictListener::runOf(const testing::TestInfo& test) const {
  return runs_.at(std::string(test.test_suite_name()) + '.' + test.name());
}

int VerdictListener::verdicts() const {
  int sum = 0;
  for (const auto& [verdict, count] : tally_) sum += count;
  return sum;
}

void VerdictListener::OnTestStart(const testing::TestInfo& test) {
  const CaseRun& run = runOf(test);
  failures_.clear();
  bytes_ = left_out_ = 0;
  start_ = std::chrono::steady_clock::now();
  Event event = describe("start", run);
  event.emplace_back("limit_seconds", run.test->traits.limit_seconds);
  channel_.send(event);
}

void VerdictListener::OnTestPartResult(const testing::TestPartResult& part) {
  if (!part.failed()) return;
  const char* file = part.file_name();
  const std::string found = place(file == nullptr ? "?" : file, part.line_number());
  const std::string message = placeOfFailure(found) + ": " + part.message();
  const std::size_t code = message.find("\nCASE(");
  add(onOneLine(message.substr(0, code)));
  if (code == std::string::npos) return;
  // The lines of a case that is printed stay lines.
  std::istringstream lines(message.substr(code + 1));
  for (std::string line; std::getline(lines, line);) add(line);
}

void VerdictListener::add(const std::string& line) {
  // A case that makes every call on every fd has thousands. The runner rejects a verdict of 1 MiB.
  constexpr std::size_t kMost = 128u << 10;
  if (bytes_ >= kMost) {
    ++left_out_;
    return;
  }
  const std::size_t room = kMost - bytes_;
  failures_.push_back(line.size() <= room ? line : line.substr(0, room) + "...");
  bytes_ += line.size();
}

void VerdictListener::OnTestEnd(const testing::TestInfo& test) {
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start_;
  const CaseRun& run = runOf(test);
  if (left_out_ != 0) failures_.push_back(std::to_string(left_out_) + " more lines are left out");
  const Judgement judgement = judge(run, !failures_.empty());
  Event event = describe("verdict", run);
  event.emplace_back("verdict", judgement.verdict);
  event.emplace_back("reason", judgement.reason);
  event.emplace_back("milliseconds", std::round(took.count() * 100) / 100);
  event.emplace_back("failures", failures_);
  event.emplace_back("faults", run.faults);
  channel_.send(event);
  ++tally_[judgement.verdict];
}

}  // namespace conformance
