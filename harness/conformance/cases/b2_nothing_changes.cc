// SPDX-License-Identifier: GPL-2.0-only
// B2: an operation that fails has changed nothing, neither in the caller's memory nor on the upper
// filesystem.
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/file_handle.h"
#include "conformance/needs.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

CASE(B2, AReadThatFailsDeliversNothing, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  const std::string untouched(kBytes, '?');
  std::string bytes = untouched;
  EXPECT_ERRNO(Result::ofCall(::pread(file.descriptor(), bytes.data(), bytes.size(), 0)), EIO);
  EXPECT_TRUE(bytes == untouched) << "data was copied to a read that failed";
}

CASE(B2, AWriteThatFailsChangesNothing, .subjects = kVolatileOnly) {
  const File file = subject.open("other");
  const File bare = subject.upper().open("other", O_RDONLY);
  const auto content = [&] {
    std::string bytes(kBytes, '\0');
    sys::require(::pread(bare.descriptor(), bytes.data(), bytes.size(), 0), "read",
                 subject.upper().path("other"));
    return bytes;
  };
  const std::string before = content();
  subject.loseWriteback();
  EXPECT_ERRNO(write(file), EIO);
  EXPECT_ERRNO(Result::ofCall(::ftruncate(file.descriptor(), 0)), EIO);
  EXPECT_TRUE(content() == before) << "a write that failed has reached the upper filesystem";
}

CASE(B2, AChangeOfNamesThatFailsChangesNothing, .subjects = kVolatileOnly) {
  EXPECT_OK(create(subject, "old-name"));
  subject.loseWriteback();
  EXPECT_ERRNO(Result::ofCall(::unlink(subject.path("old-name").c_str())), EIO);
  EXPECT_ERRNO(Result::ofCall(::unlink(subject.path("lower-file").c_str())), EIO);
  EXPECT_ERRNO(
      Result::ofCall(::rename(subject.path("old-name").c_str(), subject.path("else").c_str())),
      EIO);
  EXPECT_ERRNO(create(subject, "new-name"), EIO);
  EXPECT_OK(lookUp(subject.upper(), "old-name"));
  for (const char* name : {"lower-file", "else", "new-name"}) {
    EXPECT_ERRNO(lookUp(subject.upper(), name), ENOENT);
  }
}

// All operations that would copy it up first.
CASE(B2, AFileOfALowerLayerStaysThere, .subjects = kVolatileOnly) {
  const File file = subject.open("lower-file", O_RDONLY);
  const int flags = FS_NODUMP_FL;
  subject.loseWriteback();
  EXPECT_ERRNO(Result::ofCall(::fchmod(file.descriptor(), 0640)), EIO);
  EXPECT_ERRNO(Result::ofCall(::ioctl(file.descriptor(), FS_IOC_SETFLAGS, &flags)), EIO);
  EXPECT_ERRNO(Result::ofCall(::fsetxattr(file.descriptor(), "trusted.attribute", "x", 1, 0)), EIO);
  EXPECT_ERRNO(Result::ofCall(::futimens(file.descriptor(), nullptr)), EIO);
  EXPECT_ERRNO(lookUp(subject.upper(), "lower-file"), ENOENT);
}

// readlink(2) and path walks go on. Times are set for relatime, which leaves an access time alone
// that is later than the modification time.
CASE(B2, TheAccessTimeOfASymbolicLinkStays, .subjects = kVolatileOnly) {
  constexpr timespec kTimes[] = {{1, 0}, {2, 0}};
  const std::string link = subject.path("symbolic-link");
  sys::require(::symlink("data", link.c_str()), "symlink", link);
  const auto setTimes = [&] {
    sys::require(::utimensat(AT_FDCWD, link.c_str(), kTimes, AT_SYMLINK_NOFOLLOW), "utimensat",
                 link);
  };
  const auto readLink = [&] {
    char target[16];
    EXPECT_OK(Result::ofCall(::readlink(link.c_str(), target, sizeof target)));
    EXPECT_OK(lookUp(subject, "symbolic-link"));
  };
  const auto accessTime = [&] {
    struct stat status {};
    const std::string bare = subject.upper().path("symbolic-link");
    sys::require(::lstat(bare.c_str(), &status), "lstat", bare);
    return status.st_atim.tv_sec;
  };
  setTimes();
  readLink();
  EXPECT_NE(accessTime(), kTimes[0].tv_sec);
  setTimes();
  subject.loseWriteback();
  readLink();
  EXPECT_EQ(accessTime(), kTimes[0].tv_sec);
}

// A handle of a directory that can only be found through its name copies that directory up.
CASE(B2, AHandleThatFailsChangesNothing, .subjects = kVolatileOnly) {
  const std::string lower = subject.layers.freshDirectory();
  makeDirectory(lower + "/upper-dir");
  for (const char* name : {"/upper-dir/first", "/upper-dir/second"}) makeDirectory(lower + name);
  const std::string options = failstopOption(subject.filesystem()) + ',' + kHandles;
  const View* view = mounted(subject, subject.beside.mountOverlay(options, {.lower = lower}));
  if (view == nullptr) return;
  const auto isInUpper = [&](const std::string& name) {
    return ::access(view->barePath(name).c_str(), F_OK) == 0;
  };
  const File first = view->open("upper-dir/first", O_RDONLY | O_DIRECTORY);
  const File second = view->open("upper-dir/second", O_RDONLY | O_DIRECTORY);
  FileHandle handle;
  sys::require(handle.take(first), "name_to_handle_at", "a directory");
  if (!isInUpper("upper-dir/first")) throw sys::SetupError("copy up", "for a handle", 0);
  subject.loseWritebackElsewhere();
  // do_sys_name_to_handle() returns this for FILEID_INVALID, the only error that ovl_encode_fh()
  // can return.
  EXPECT_ERRNO(handle.take(second), EOVERFLOW);
  EXPECT_ERRNO(view->tryOpen("data", O_RDONLY), EIO);
  EXPECT_FALSE(isInUpper("upper-dir/second")) << "it was copied up";
}

}  // namespace
}  // namespace conformance
