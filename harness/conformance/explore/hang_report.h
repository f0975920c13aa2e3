// SPDX-License-Identifier: GPL-2.0-only
// HangReport: says in the kernel log which step does not come back. The machine is then killed, so
// nothing else can say it, and nothing can be made shorter.
#pragma once

#include <cstddef>

#include "conformance/explore/sequence.h"

namespace conformance {

class HangReport {
 public:
  // For the steps that a sequence takes from this world on; both must outlive this.
  HangReport(const model::World& start, const Sequence& sequence);
  HangReport(const HangReport&) = delete;
  HangReport& operator=(const HangReport&) = delete;
  ~HangReport();

  // The step with this index is taken now.
  void at(std::size_t index);
};

}  // namespace conformance
