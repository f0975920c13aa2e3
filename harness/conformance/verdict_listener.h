// SPDX-License-Identifier: GPL-2.0-only
// VerdictListener: turns GoogleTest's events into the verdict stream.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "conformance/case_run.h"
#include "conformance/channel.h"

namespace conformance {

class VerdictListener : public testing::EmptyTestEventListener {
 public:
  VerdictListener(Channel& channel, const CaseRuns& runs) : channel_(channel), runs_(runs) {}

  // How many verdicts there were, by their name in the stream: "pass", "fail".
  const std::map<std::string, int>& tally() const { return tally_; }

  int verdicts() const;

  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestPartResult(const testing::TestPartResult& part) override;
  void OnTestEnd(const testing::TestInfo& test) override;

 private:
  const CaseRun& runOf(const testing::TestInfo& test) const;
  // A line of what has failed, unless there are too many.
  void add(const std::string& line);

  Channel& channel_;
  const CaseRuns& runs_;
  std::vector<std::string> failures_;
  std::size_t bytes_ = 0, left_out_ = 0;  // of failures_; lines
  std::chrono::steady_clock::time_point start_;
  std::map<std::string, int> tally_;
};

}  // namespace conformance
