// SPDX-License-Identifier: GPL-2.0-only
// TimingOutDevice: a device, a write to which ends with ETIMEDOUT, as behind a network that is
// down.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sys/fuse_file.h"
#include "sys/loop_device.h"

namespace conformance {

class TimingOutDevice {
 public:
  // Why this kernel cannot have one; empty if it can.
  static std::string whyNot();
  // Throws SetupError.
  explicit TimingOutDevice(std::uint64_t sectors);

  // "7:0", to be named in a table. Reads return zeroes.
  std::string number() const { return device_.number(); }
  // From now on a write waits for so long before it fails.
  void failAfter(std::chrono::milliseconds delay) { file_.failAfter(delay); }

 private:
  sys::FuseFile file_;
  sys::LoopDevice device_;
};

}  // namespace conformance
