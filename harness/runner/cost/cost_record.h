// SPDX-License-Identifier: GPL-2.0-only
// CostRecord: the measurements that a guest reports, and the meaning of its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "qemu/machine.h"

namespace runner {

struct CallCost {
  std::string call;                // "pread, 4 KiB"
  std::string subject;             // "plain", "overlay", "volatile"
  std::uint64_t instructions = 0;  // from user mode to user mode, the median of all repetitions
  std::size_t repetitions = 0;
  std::size_t equal = 0;  // repetitions that took exactly that many
};

class CostRecord : public qemu::Listener {
 public:
  // on_cost: called with each measurement.
  explicit CostRecord(std::function<void(const CallCost&)> on_cost = {});

  void line(std::string_view text) override;
  bool complete() const override { return complete_; }

  // For qemu::run(): a guest that is emulated one instruction at a time is slow.
  const qemu::Limits& limits() const { return limits_; }

  // The measurements. Throws Failure if the machine did not end well, if the guest could not
  // measure (environment), or if it measured nothing or printed a malformed line (error).
  std::vector<CallCost> judge(const qemu::Outcome& outcome) const;

 private:
  std::function<void(const CallCost&)> on_cost_;
  qemu::Limits limits_;
  std::vector<CallCost> costs_;
  std::vector<std::string> unable_;
  std::string malformed_;  // the first malformed line
  bool complete_ = false;
};

}  // namespace runner
