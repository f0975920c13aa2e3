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
  const auto accessTime = [&](const Access& access) {
    struct stat status {};
    const std::string bare = subject.upper().path(access.name);
    sys::require(::lstat(bare.c_str(), &status), "lstat", bare);
    return status.st_atim.tv_sec;
  };
  for (const Access& access : accesses) {
    SCOPED_TRACE(access.name);
    const File file = subject.open(access.name, access.flags);
    setOldTimes(subject.upper().root());
    const auto before = accessTime(access);
    EXPECT_OK(access.call(file));
    EXPECT_NE(accessTime(access), before);
  }
}

}  // namespace
}  // namespace conformance
