// SPDX-License-Identifier: GPL-2.0-only
// ShellRecord: the events that the guest of `shell` reports, and the meaning of its end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qemu/machine.h"

namespace runner {

class ShellRecord : public qemu::Listener {
 public:
  // on_shell: called once, when the guest's shell runs. timeout_factor: for boot and power-off.
  explicit ShellRecord(std::function<void()> on_shell, unsigned timeout_factor = 1);

  void line(std::string_view text) override;
  bool complete() const override { return status_.has_value(); }

  // For qemu::run(): a user may think for as long as they like.
  const qemu::Limits& limits() const { return limits_; }

  // The exit status of the guest's shell. Throws Failure if the machine ended without one: error if
  // the guest could not be set up, else the status that `run` has for such an end.
  int judge(const qemu::Outcome& outcome) const;

 private:
  std::function<void()> on_shell_;
  qemu::Limits limits_;
  std::vector<std::string> unable_;
  std::optional<int> status_;
};

}  // namespace runner
