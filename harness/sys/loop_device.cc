// SPDX-License-Identifier: GPL-2.0-only
#include "sys/loop_device.h"

#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <iostream>
#include <string>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr const char* kControl = "/dev/loop-control";

std::string freeDevice() {
  const File control(kControl);
  const long number =
      require(::ioctl(control.descriptor(), LOOP_CTL_GET_FREE), "LOOP_CTL_GET_FREE", kControl);
  return "/dev/loop" + std::to_string(number);
}

}  // namespace

LoopDevice::LoopDevice(const File& file) : device_(freeDevice()) {
  // Before 6.17 the driver takes the size that the inode has, and the inode of a file of FUSE has
  // none until somebody asks. To a device of no size, a write fails with EIO and reaches no file.
  struct stat status {};
  require(::fstat(file.descriptor(), &status), "stat", "the file of a loop device");
  require(::ioctl(device_.descriptor(), LOOP_SET_FD, file.descriptor()), "LOOP_SET_FD",
          "a loop device");
  std::uint64_t bytes = 0;
  const bool is_known = ::ioctl(device_.descriptor(), BLKGETSIZE64, &bytes) == 0;
  if (!is_known || bytes != static_cast<std::uint64_t>(status.st_size)) {
    (void)::ioctl(device_.descriptor(), LOOP_CLR_FD);
    throw SetupError("LOOP_SET_FD", "the loop device does not have the size of its file", EIO);
  }
}

LoopDevice::~LoopDevice() {
  if (::ioctl(device_.descriptor(), LOOP_CLR_FD) != 0)
    std::cerr << "a loop device keeps its file\n";
}

bool LoopDevice::isPossible() {
  return ::access(kControl, R_OK | W_OK) == 0;
}

void LoopDevice::useDirectIo() const {
  require(::ioctl(device_.descriptor(), LOOP_SET_DIRECT_IO, 1), "LOOP_SET_DIRECT_IO",
          "a loop device");
}

std::string LoopDevice::number() const {
  struct stat status {};
  require(::fstat(device_.descriptor(), &status), "stat", "a loop device");
  return std::to_string(major(status.st_rdev)) + ':' + std::to_string(minor(status.st_rdev));
}

Result LoopDevice::read() const {
  std::array<char, 4096> page{};
  return Result::ofCall(::pread(device_.descriptor(), page.data(), page.size(), 0));
}

}  // namespace sys
