// SPDX-License-Identifier: GPL-2.0-only
// A17: with lazytime, the times of a file are written by its next fsync at the latest.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "sys/mounting.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

timespec modified(const std::string& path) {
  struct stat status {};
  sys::require(::stat(path.c_str(), &status), "stat", path);
  return status.st_mtim;
}

CASE(A17, FsyncWritesLazyTimes) {
  constexpr timespec kOld[] = {{1, 0}, {1, 0}};
  const std::string upper = subject.mount.upperRequest().target,
                    path = subject.upper().path("data");
  sys::require(::mount(nullptr, upper.c_str(), nullptr, MS_REMOUNT | MS_LAZYTIME, nullptr),
               "mount -o remount,lazytime", upper);
  if (sys::shownMountOptions(upper).find("lazytime") == std::string::npos) {
    throw sys::SetupError("mount -o remount,lazytime", upper, 0);
  }
  timespec written{};
  {
    const File file = subject.open("data");
    sys::require(::futimens(file.descriptor(), kOld), "futimens", path);
    settle();
    EXPECT_OK(write(file));
    EXPECT_OK(file.fsync());
    written = modified(path);
    EXPECT_NE(written.tv_sec, kOld[0].tv_sec);
  }
  subject.disk.shutDown();
  subject.mount.mountUpperAgain();
  EXPECT_EQ(modified(path).tv_sec, written.tv_sec);
}

}  // namespace
}  // namespace conformance
