// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/uml_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>

namespace qemu {
namespace {

TEST(UserModeLinuxProbe, FindsThatABufferIsTooSmall) {
  // XSAVE needs at least a header after these bytes.
  constexpr std::size_t kTooSmall = 512;
  EXPECT_THAT(whyNoUserModeLinux(kTooSmall), testing::HasSubstr("512 bytes"));
}

TEST(UserModeLinuxProbe, FindsThatABufferIsLargeEnough) {
  constexpr std::size_t kMoreThanAnyProcessorHas = 1 << 20;
  EXPECT_EQ(whyNoUserModeLinux(kMoreThanAnyProcessorHas), "");
}

TEST(UserModeLinuxProbe, LeavesNoProcessBehind) {
  (void)whyNoUserModeLinux(512);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace qemu
