// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/timing_out_device.h"

#include <unistd.h>

#include <cerrno>

#include "sys/sector_range.h"

namespace conformance {

std::string TimingOutDevice::whyNot() {
  if (!sys::FuseFile::isPossible()) return "the kernel has no FUSE (CONFIG_FUSE_FS)";
  if (!sys::LoopDevice::isPossible()) return "the kernel has no loop devices (CONFIG_BLK_DEV_LOOP)";
  return "";
}

TimingOutDevice::TimingOutDevice(std::uint64_t sectors)
    : file_(sectors * sys::kSectorBytes, ETIMEDOUT), device_(file_.file()) {
  device_.useDirectIo();
}

}  // namespace conformance
