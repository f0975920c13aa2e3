// SPDX-License-Identifier: GPL-2.0-only
// A9: only syncfs consumes; whatever else syncs, freezes, mounts or unmounts leaves every cursor
// and the unseen error as they were.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/log_lines.h"
#include "conformance/kernel_log.h"
#include "sys/extents.h"
#include "sys/filesystem_control.h"
#include "sys/setup_error.h"
#include "sys/waiting.h"

namespace conformance {
namespace {

using sys::File;

// The action runs between the error and the checks, which use fds that were open before and a late
// opener.
void leavesTheError(Subject& subject, const std::function<void()>& action,
                    CalledFrom = Line::current()) {
  const File early = subject.open("data", O_RDONLY);
  const File on_upper = subject.upper().open("data", O_RDONLY);
  subject.loseWriteback();
  action();
  EXPECT_ERRNO(subject.open("other", O_RDONLY).syncfs(), EIO) << "a late opener: it was unseen";
  EXPECT_ERRNO(early.syncfs(), EIO) << "open before the error";
  EXPECT_ERRNO(on_upper.syncfs(), EIO) << "open before the error, on the upper";
  EXPECT_OK(early.syncfs());
}

CASE(A9, SyncLeavesTheError) {
  leavesTheError(subject, [] { ::sync(); });
}

CASE(A9, EmergencySyncLeavesTheError) {
  const std::string trigger = "/proc/sysrq-trigger";
  if (::access(trigger.c_str(), F_OK) != 0) skip("the kernel has no SysRq (CONFIG_MAGIC_SYSRQ)");
  leavesTheError(subject, [&] {
    KernelLog log;
    EXPECT_OK(File(trigger, O_WRONLY).pwrite("s", 0));
    const std::string done = "Emergency Sync complete";  // by a worker
    sys::waitUntil([&] { return linesWith(log, done) != 0; }, std::chrono::seconds(5), "wait for",
                   done);
  });
}

CASE(A9, SyncThatMeetsTheErrorLeavesIt) {
  const File early = subject.open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(early.pwrite(sys::freshBytes(kDataBytes), 0));
  ::sync();
  fault.heal();
  EXPECT_ERRNO(subject.open("other", O_RDONLY).syncfs(), EIO);
  EXPECT_ERRNO(early.syncfs(), EIO);
  EXPECT_OK(early.syncfs());
}

CASE(A9, UmountOfAnotherMountLeavesTheError) {
  subject.beside.another();
  leavesTheError(subject, [&] { subject.beside.unmountLatest(); });
}

CASE(A9, MountOfAnotherLeavesTheError) {
  leavesTheError(subject, [&] { subject.beside.another(); });
}

CASE(A9, UmountOfTheOverlayLeavesTheErrorUnseen, .subjects = kOverlayOnly) {
  const File on_upper = subject.upper().open("data");
  subject.loseWriteback();
  subject.mount.mountAgain();
  EXPECT_ERRNO(subject.open("data").syncfs(), EIO);
  EXPECT_ERRNO(on_upper.syncfs(), EIO);
  EXPECT_OK(subject.open("data").syncfs());
}

// The upper only: an overlay itself cannot be frozen.
CASE(A9, FreezeOfTheUpperLeavesTheError) {
  leavesTheError(subject, [&] {
    const File root = subject.upper().open(".", O_RDONLY | O_DIRECTORY);
    const sys::Freeze freeze(root);
  });
}

CASE(A9, RemountLeavesTheError) {
  leavesTheError(subject, [&] {
    EXPECT_OK(subject.mount.remountReadOnly());
    EXPECT_OK(subject.mount.remountWritable());
  });
}

CASE(A9, RemountOfTheUpperLeavesTheError) {
  leavesTheError(subject, [&] { EXPECT_OK(subject.mount.remountUpper()); });
}

// It calls ->sync_fs() of filesystems that use the VFS quota code, here ext4.
CASE(A9, QuotaSyncLeavesTheError) {
  leavesTheError(subject, [] {
    const sys::Result synced = sys::syncQuota();
    if (synced == sys::Result::failure(ENOSYS)) skip("the kernel has no quota (CONFIG_QUOTA)");
    EXPECT_OK(synced);
  });
}

CASE(A9, FlushOfTheBlockDeviceLeavesTheError) {
  leavesTheError(subject, [&] { sys::dropCache(subject.disk.node()); });
}

// Calls of which overlayfs sees nothing, or little. Each is made when nobody has seen the error,
// and when others have.
CASE(A9, NoCallThatTheVfsAnswersTakesTheReport) {
  struct NamedCall {
    const char* name;
    long (*call)(int);
  };
  constexpr NamedCall kNamedCalls[] = {
      {"F_SETFL", [](int fd) -> long { return ::fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND); }},
      {"F_SETOWN", [](int fd) -> long { return ::fcntl(fd, F_SETOWN, ::getpid()); }},
      {"F_SETFD", [](int fd) -> long { return ::fcntl(fd, F_SETFD, 0); }},
      {"F_SETLEASE", [](int fd) -> long { return ::fcntl(fd, F_SETLEASE, F_RDLCK); }},
      {"flock", [](int fd) -> long { return ::flock(fd, LOCK_SH); }},
      {"fstat",
       [](int fd) -> long {
         struct stat status {};
         return ::fstat(fd, &status);
       }},
      {"fstatfs",
       [](int fd) -> long {
         struct statfs status {};
         return ::fstatfs(fd, &status);
       }},
      {"lseek", [](int fd) -> long { return ::lseek(fd, 0, SEEK_CUR); }},
      {"readahead", [](int fd) -> long { return ::readahead(fd, 0, kDataBytes); }},
      {"posix_fadvise",
       [](int fd) -> long { return ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); }},
      {"FIONREAD",
       [](int fd) -> long {
         int bytes = 0;
         return ::ioctl(fd, FIONREAD, &bytes);
       }},
  };
  const File file = subject.open("data", O_RDONLY);
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  for (const NamedCall& each : kNamedCalls) {
    for (const bool others_have_seen_it : {false, true}) {
      SCOPED_TRACE(each.name);
      subject.loseWritebackElsewhere();
      if (others_have_seen_it) {
        EXPECT_ERRNO(subject.open("other").syncfs(), EIO);
      }
      (void)each.call(file.descriptor());
      (void)each.call(directory.descriptor());
      EXPECT_EQ(subject.open("other").syncfs().ok(), others_have_seen_it) << "a late opener";
      EXPECT_ERRNO(file.syncfs(), EIO);
      EXPECT_ERRNO(directory.syncfs(), EIO);
    }
  }
}

CASE(A9, SyncFileRangeLeavesTheError) {
  const File file = subject.open("other");
  leavesTheError(subject, [&] {
    EXPECT_OK(sys::Result::ofCall(::sync_file_range(
        file.descriptor(), 0, 0,
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER)));
  });
  EXPECT_ERRNO(file.syncfs(), EIO);
}

CASE(A9, FsyncOfEveryFileLeavesTheError) {
  leavesTheError(subject, [&] {
    EXPECT_OK(subject.open("other").fsync());
    EXPECT_OK(subject.open("data").fsync())
        << "the bare file's fsync has already reported the error";
    EXPECT_OK(subject.open("upper-dir", O_RDONLY | O_DIRECTORY).fsync());
  });
}

// The action on a volatile mount runs between the error and the check on its upper.
void leavesTheErrorUnseen(Subject& subject, const std::function<void(const File&)>& action,
                          CalledFrom = Line::current()) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWriteback();
  action(file);
  EXPECT_ERRNO(subject.upper().open("data").syncfs(), EIO);
}

CASE(A9, FsyncOnAVolatileMountLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  const File directory = subject.open("upper-dir", O_RDONLY | O_DIRECTORY);
  leavesTheErrorUnseen(subject, [&](const File& file) {
    EXPECT_ERRNO(file.fsync(), EIO);
    EXPECT_ERRNO(file.fdatasync(), EIO);
    EXPECT_ERRNO(directory.fsync(), EIO);
  });
}

CASE(A9, SyncLeavesTheErrorOfAVolatileMountUnseen, .subjects = kVolatileOnly) {
  leavesTheErrorUnseen(subject, [](const File&) { ::sync(); });
}

CASE(A9, RemountOfAVolatileMountLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  leavesTheErrorUnseen(subject, [&](const File&) { EXPECT_OK(subject.mount.remountReadOnly()); });
}

CASE(A9, UmountOfAVolatileMountLeavesTheErrorUnseen, .subjects = kVolatileOnly) {
  if (mounted(subject, subject.beside.mountOverlay("volatile")) == nullptr) return;
  leavesTheErrorUnseen(subject, [&](const File&) { subject.beside.unmountLatest(); });
}

}  // namespace
}  // namespace conformance
