// SPDX-License-Identifier: GPL-2.0-only
// B3 to B6: what is left of a volatile overlay that has failed, and of all others.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "conformance/cases/failstop.h"
#include "conformance/kernel_log.h"
#include "conformance/workspace.h"
#include "sys/mapping.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

CASE(B3, AnExistingMappingGoesOn, .subjects = kVolatileOnly) {
  const File file = subject.open("other");
  const std::string bytes = sys::freshBytes(kBytes);
  EXPECT_OK(file.pwrite(bytes, 0));
  const sys::Mapping mapping(file, kDataBytes);
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_TRUE(mapping.read(kBytes) == bytes);
  const std::string stored = sys::freshBytes(kBytes);
  mapping.write(stored);
  EXPECT_TRUE(mapping.read(kBytes) == stored);
}

// A mapping maps the upper file: msync reports the error of that file, once.
CASE(B3, MsyncAsksTheUpperFile, .subjects = kVolatileOnly) {
  const File data = subject.open("data");
  const File other = subject.open("other");
  const sys::Mapping lost(data, kDataBytes);
  const sys::Mapping sound(other, kDataBytes);
  subject.loseWriteback();
  EXPECT_ERRNO(read(data), EIO);
  EXPECT_ERRNO(lost.sync(), EIO);
  EXPECT_OK(lost.sync());
  EXPECT_OK(sound.sync());
}

bool isMounted(const std::string& target) {
  std::ifstream mounts("/proc/mounts");
  const std::string text{std::istreambuf_iterator<char>(mounts), {}};
  return text.find(' ' + target + ' ') != std::string::npos;
}

CASE(B4, ItCanBeLookedAtAndClosed, .subjects = kVolatileOnly) {
  File file = subject.open("data");
  File directory = subject.open("merged-dir", O_RDONLY | O_DIRECTORY);
  const std::string fifo_path = subject.path("fifo");
  makeNode(fifo_path, S_IFIFO);
  const File fifo(fifo_path, O_RDWR);
  EXPECT_OK(write(file));
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_OK(Result::ofCall(::write(fifo.descriptor(), "x", 1)));
  EXPECT_OK(Result::ofCall(::flock(file.descriptor(), LOCK_SH)));
  EXPECT_OK(Result::ofCall(::sync_file_range(file.descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE)));
  struct stat status {};
  struct statfs filesystem {};
  EXPECT_OK(Result::ofCall(::fstat(file.descriptor(), &status)));
  EXPECT_OK(Result::ofCall(::fstat(directory.descriptor(), &status)));
  EXPECT_OK(Result::ofCall(::fstatfs(file.descriptor(), &filesystem)));
  EXPECT_OK(Result::ofCall(::statfs(subject.root().c_str(), &filesystem)));
  EXPECT_OK(Result::ofCall(::stat(subject.root().c_str(), &status)));
  EXPECT_TRUE(isMounted(subject.root()));
  EXPECT_OK(file.close());
  EXPECT_OK(directory.close());
}

CASE(B4, ItCanBeRemountedAndUnmounted, .subjects = kVolatileOnly) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_OK(subject.mount.remountReadOnly());
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_OK(subject.mount.remountWritable());
  EXPECT_ERRNO(read(file), EIO);
}

CASE(B4, AFreshOverlayAfterwardsWorks, .subjects = kVolatileOnly) {
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  subject.loseWriteback();
  EXPECT_ERRNO(view->tryOpen("data", O_RDONLY), EIO);
  reportOnTheUpper(subject);
  subject.beside.unmountLatest();
  const View* fresh = anotherVolatile(subject);
  if (fresh == nullptr) return;
  everythingWorks(*fresh, fresh->open("data"));
}

// What a container has below its root, and what every program in it does there.
class ContainerMounts {
 public:
  explicit ContainerMounts(Subject& subject)
      : volume_(subject.layers.freshDirectory()),
        proc_(directory(subject, "proc")),
        tmpfs_(directory(subject, "upper-dir/tmp")),
        bind_(directory(subject, "merged-dir/volume")),
        file_(subject.path("other")) {
    (void)File(volume_ + "/file", O_RDWR | O_CREAT);
    mount("proc", proc_, "proc", 0);
    mount("tmpfs", tmpfs_, "tmpfs", 0);
    mount(volume_, bind_, nullptr, MS_BIND);
    mount(volume_ + "/file", file_, nullptr, MS_BIND);
  }

  void areUsable(CalledFrom = Line::current()) const {
    EXPECT_TRUE(lists(proc_, "self")) << "no list of " << proc_;
    EXPECT_OK(Result::ofCall(::access((proc_ + "/self/status").c_str(), R_OK)));
    canBeUsed(tmpfs_ + "/file");
    EXPECT_TRUE(lists(tmpfs_, "file")) << "no list of " << tmpfs_;
    canBeUsed(bind_ + "/file");
    EXPECT_TRUE(lists(bind_, "file")) << "no list of " << bind_;
    canBeUsed(file_);
  }

  // Each by its name. What is left over is unmounted with the overlay.
  void canBeUnmounted(Subject& subject, CalledFrom = Line::current()) const {
    bool all = true;
    for (const std::string& target : {proc_, tmpfs_, bind_, file_}) {
      const Result result = Result::ofCall(::umount2(target.c_str(), 0));
      EXPECT_OK(result) << target;
      EXPECT_FALSE(isMounted(target));
      all = all && result.ok();
    }
    if (!all) subject.mount.detachOverlay();
  }

 private:
  static std::string directory(Subject& subject, const std::string& name) {
    std::string path = subject.path(name);
    sys::require(::mkdir(path.c_str(), 0700), "mkdir", path);
    return path;
  }

  static void mount(const std::string& source, const std::string& target, const char* type,
                    unsigned long flags) {
    sys::require(::mount(source.c_str(), target.c_str(), type, flags, nullptr), "mount", target);
  }

  static bool lists(const std::string& directory, const std::string& name) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
      if (entry.path().filename() == name) return true;
    }
    return false;
  }

  static void canBeUsed(const std::string& path, CalledFrom = Line::current()) {
    const sys::Descriptor opened(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    EXPECT_OK(Result::ofCall(opened ? 0 : -1)) << path;
    if (!opened) return;
    std::array<char, 4> bytes{};
    EXPECT_EQ(::pwrite(opened.get(), "text", bytes.size(), 0), 4) << path;
    EXPECT_EQ(::pread(opened.get(), bytes.data(), bytes.size(), 0), 4) << path;
  }

  std::string volume_, proc_, tmpfs_, bind_, file_;
};

CASE(B4, WhatIsMountedBelowItGoesOn, .subjects = kVolatileOnly) {
  const ContainerMounts mounts(subject);
  mounts.areUsable();
  subject.loseWriteback();
  EXPECT_ERRNO(subject.tryOpen("data", O_RDONLY), EIO);
  mounts.areUsable();
  mounts.canBeUnmounted(subject);
}

CASE(B5, EachOverlaySaysSoOnce, .subjects = kVolatileOnly) {
  const View* second = anotherVolatile(subject);
  if (second == nullptr) return;
  const File first_file = subject.open("data");
  const File second_file = second->open("data");
  KernelLog log;
  subject.loseWriteback();
  everythingFails(subject, first_file);
  everythingFails(*second, second_file);
  EXPECT_EQ(timesThatItFailed(log), 2);
}

CASE(B5, TheErrnoIsEio, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback("data", FaultKind::no_space);
  everythingFails(subject, file);
}

CASE(B5, NoCheckConsumesTheError, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  everythingFails(subject, file);
  const File late = subject.upper().open("data", O_RDONLY);
  EXPECT_ERRNO(late.syncfs(), EIO);
  EXPECT_OK(late.syncfs());
}

// Reads, and changes of every kind: in the upper layer, by copying up, and of names.
void everythingButSyncWorks(const View& view, const File& file, const std::string& lower_file,
                            CalledFrom = Line::current()) {
  everythingWorks(view, file);
  EXPECT_OK(view.tryOpen("data"));
  EXPECT_OK(view.tryOpen("merged-dir", O_RDONLY | O_DIRECTORY));
  EXPECT_OK(view.tryOpen(lower_file, O_RDWR));
  EXPECT_OK(Result::ofCall(::fchmod(file.descriptor(), 0640)));
  EXPECT_OK(Result::ofCall(::truncate(view.path("other").c_str(), 1)));
  EXPECT_OK(Result::ofCall(
      ::rename(view.path("new-name").c_str(), view.path("upper-dir/new-name").c_str())));
  EXPECT_OK(Result::ofCall(::unlink(view.path("upper-dir/new-name").c_str())));
}

// Where a volatile overlay has to be asked to fail as a whole, one that was not asked only fails to
// sync, before and after it has logged that.
CASE(B6, APlainVolatileOverlayGoesOn, .subjects = kVolatileOnly) {
  const View* plain = mounted(subject, subject.beside.mountOverlay("volatile"));
  if (plain == nullptr) return;
  const File file = plain->open("data");
  const File directory = plain->open("upper-dir", O_RDONLY | O_DIRECTORY);
  KernelLog log;
  subject.loseWritebackElsewhere();
  everythingButSyncWorks(*plain, file, "lower-file");
  EXPECT_EQ(timesThatItFailed(log), 0);
  for (int i = 0; i < kRepeats; ++i) {
    EXPECT_ERRNO(file.fsync(), EIO) << "time " << i;
    EXPECT_ERRNO(directory.fsync(), EIO) << "time " << i;
    EXPECT_ERRNO(file.syncfs(), EIO) << "time " << i;
  }
  EXPECT_EQ(timesThatItFailed(log), 1);
  everythingButSyncWorks(*plain, file, "other-lower-file");
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_ERRNO(subject.tryOpen("data", O_RDONLY), EIO) << "of the overlay that was asked to fail";
}

CASE(B6, AnOverlayBesideIsUntouched, .subjects = kVolatileOnly) {
  const View* beside = mounted(subject, subject.beside.mountOverlay(""));
  if (beside == nullptr) return;
  const File file = beside->open("data");
  subject.loseWritebackElsewhere();
  KernelLog log;
  everythingWorks(*beside, file);
  EXPECT_OK(file.fsync());
  EXPECT_EQ(timesThatItFailed(log), 0);
}

}  // namespace
}  // namespace conformance
