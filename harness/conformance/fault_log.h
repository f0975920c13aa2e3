// SPDX-License-Identifier: GPL-2.0-only
// FaultLog: what was broken, when, and when it was healed.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace conformance {

class FaultLog {
 public:
  // Adds a line with the time since the log was made, "at 3.2 ms: ...".
  void note(const std::string& what);
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<std::string> lines_;
};

}  // namespace conformance
