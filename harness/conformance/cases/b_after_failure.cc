// SPDX-License-Identifier: GPL-2.0-only
// B3 to B6: what is left of a volatile overlay that has failed, and of all others.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "conformance/cases/failstop.h"
#include "conformance/kernel_log.h"
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
  sys::require(::mkfifo(fifo_path.c_str(), 0600), "mkfifo", fifo_path);
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
  EXPECT_ERRNO(lookUp(*view), EIO);
  reportOnTheUpper(subject);
  subject.beside.unmountLatest();
  const View* fresh = anotherVolatile(subject);
  if (fresh == nullptr) return;
  everythingWorks(*fresh, fresh->open("data"));
}

bool saysThatItFailed(const std::string& line) {
  return line.find("overlayfs: ") != std::string::npos &&
         line.find("volatile mount failed") != std::string::npos;
}

// Its name can no longer be reached, but it is unmounted together with the overlay.
CASE(B4, WhatIsMountedOnItCanBeDetachedWithIt, .subjects = kVolatileOnly) {
  const std::string inner = subject.path("upper-dir");
  sys::require(::mount("tmpfs", inner.c_str(), "tmpfs", 0, nullptr), "mount", inner);
  subject.loseWriteback();
  EXPECT_ERRNO(lookUp(subject), EIO);
  EXPECT_ERRNO(Result::ofCall(::umount2(inner.c_str(), 0)), EIO);
  EXPECT_TRUE(isMounted(inner));
  subject.mount.detachOverlay();
  EXPECT_FALSE(isMounted(subject.root()));
  EXPECT_FALSE(isMounted(inner));
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
  const auto lines = log.newLines();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), saysThatItFailed), 2);
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

CASE(B6, AnOverlayBesideIsUntouched, .subjects = kVolatileOnly) {
  const View* beside = mounted(subject, subject.beside.mountOverlay(""));
  if (beside == nullptr) return;
  const File file = beside->open("data");
  KernelLog log;
  subject.loseWriteback();
  everythingWorks(*beside, file);
  EXPECT_OK(file.fsync());
  const auto lines = log.newLines();
  EXPECT_TRUE(std::none_of(lines.begin(), lines.end(), saysThatItFailed));
}

}  // namespace
}  // namespace conformance
