// SPDX-License-Identifier: GPL-2.0-only
// B6: reading moves the access times of the upper layer, as it always did.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/layer_snapshot.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

time_t accessTime(const std::string& path) {
  struct stat status {};
  sys::require(::lstat(path.c_str(), &status), "lstat", path);
  return status.st_atim.tv_sec;
}

struct Access {
  const char* name;
  int flags;
  std::function<Result(const File&)> call;
};

CASE(B6, ReadingMovesTheAccessTime) {
  sys::require(::symlink("data", subject.path("a-link").c_str()), "symlink", "to data");
  const Access accesses[] = {
      {"data", O_RDONLY, read},
      {"other", O_RDONLY, map},
      {"upper-dir", O_RDONLY | O_DIRECTORY, readEntry},
      {"a-link", O_PATH | O_NOFOLLOW,
       [](const File& link) {
         char target[16];
         return Result::ofCall(::readlinkat(link.descriptor(), "", target, sizeof target));
       }},
  };
  for (const Access& access : accesses) {
    SCOPED_TRACE(access.name);
    const File file = subject.open(access.name, access.flags);
    // Old ones, so that relatime does not keep them.
    constexpr timespec kTimes[] = {{1, 0}, {2, 0}};
    const std::string path = subject.path(access.name), bare = subject.upper().path(access.name);
    sys::require(::utimensat(AT_FDCWD, path.c_str(), kTimes, AT_SYMLINK_NOFOLLOW), "utimensat",
                 path);
    EXPECT_OK(access.call(file));
    EXPECT_NE(accessTime(bare), kTimes[0].tv_sec);
  }
}

// Reading it changes no access time, as nothing in a lower layer changes.
CASE(B6, ALinkOfALowerLayerCanBeRead,
     .subjects = {SubjectKind::overlay, SubjectKind::volatile_overlay}) {
  const std::string lower = subject.layers.freshDirectory(), link = lower + "/a-link";
  sys::require(::symlink("data", link.c_str()), "symlink", link);
  setOldTimes(lower);
  const std::string option =
      subject.kind() == SubjectKind::volatile_overlay ? "volatile" : "index=off";
  const View* view = mounted(subject, subject.beside.mountOverlay(option, {.lower = lower}));
  if (view == nullptr) return;
  const auto before = accessTime(link);
  char target[16];
  EXPECT_OK(Result::ofCall(::readlink(view->path("a-link").c_str(), target, sizeof target)));
  EXPECT_EQ(accessTime(link), before);
}

}  // namespace
}  // namespace conformance
