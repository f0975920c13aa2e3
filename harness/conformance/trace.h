// SPDX-License-Identifier: GPL-2.0-only
// Trace: the calls of a case that are under test, each with its answer, in their order. The trace
// on the bare filesystem is the oracle for the one on the overlay.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sys/result.h"

namespace conformance {

struct TracedCall {
  std::string call;  // as it is written in the case
  sys::Result result;

  bool operator==(const TracedCall&) const = default;
};

class Trace {
 public:
  // compared: only the oracle says what the answer has to be.
  void add(const std::string& call, const sys::Result& result, bool compared = false);

  bool operator==(const Trace& other) const { return steps_ == other.steps_; }

  // Whether some call has failed. Where none has, a kernel that never reports anything would answer
  // the same.
  bool provesSomething() const;
  // Whether some answer was left to the oracle.
  bool needsOracle() const { return needs_oracle_; }
  // This trace beside the oracle's, a line for each step; differing ones begin with '!'.
  std::string besideOracle(const Trace& oracle) const;

 private:
  std::vector<TracedCall> steps_;
  bool needs_oracle_ = false;
};

// The trace of the case that is running. Calls of its other threads do not belong here.
Trace& currentTrace();

}  // namespace conformance
