// SPDX-License-Identifier: GPL-2.0-only
#include "sys/loop_device.h"

#include <linux/loop.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <string>

#include "sys/setup_error.h"

namespace sys {
namespace {

std::string freeDevice() {
  const std::string path = "/dev/loop-control";
  const File control(path);
  const long number =
      require(::ioctl(control.descriptor(), LOOP_CTL_GET_FREE), "LOOP_CTL_GET_FREE", path);
  return "/dev/loop" + std::to_string(number);
}

}  // namespace

LoopDevice::LoopDevice(const File& file) : device_(freeDevice()) {
  require(::ioctl(device_.descriptor(), LOOP_SET_FD, file.descriptor()), "LOOP_SET_FD",
          "a loop device");
}

LoopDevice::~LoopDevice() {
  if (::ioctl(device_.descriptor(), LOOP_CLR_FD) != 0)
    std::cerr << "a loop device keeps its file\n";
}

Result LoopDevice::read() const {
  std::array<char, 4096> page{};
  return Result::ofCall(::pread(device_.descriptor(), page.data(), page.size(), 0));
}

}  // namespace sys
