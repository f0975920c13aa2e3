// SPDX-License-Identifier: GPL-2.0
// CostRecord: what a guest that measures says on its channel, and what its end means.
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
  std::size_t equal = 0;  // repetitions that took just so many
};

class CostRecord : public qemu::Listener {
 public:
  // on_cost is called after each call that was measured.
  explicit CostRecord(std::function<void(const CallCost&)> on_cost = {});

  void line(std::string_view text) override;
  bool complete() const override { return complete_; }

  // To be given to qemu::run: a guest that is emulated one instruction at a time is slow.
  const qemu::Limits& limits() const { return limits_; }

  // What was measured. Throws Failure when the machine did not end well, when the guest could not
  // measure (environment), and when it measured nothing or said what cannot be read (error).
  std::vector<CallCost> judge(const qemu::Outcome& outcome) const;

 private:
  std::function<void(const CallCost&)> on_cost_;
  qemu::Limits limits_;
  std::vector<CallCost> costs_;
  std::vector<std::string> unable_;
  std::string malformed_;  // the first line that could not be read
  bool complete_ = false;
};

}  // namespace runner
