// SPDX-License-Identifier: GPL-2.0
// B1 to B6: a volatile overlay fails as a whole at the first error, and what is left of it then.
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/file_handle.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"
#include "sys/mapping.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

void everythingFails(const View& view, const File& file, CalledFrom = Line::current()) {
  for (int i = 0; i < kForEver; ++i) {
    EXPECT_ERRNO(read(file), EIO) << "time " << i;
    EXPECT_ERRNO(write(file), EIO) << "time " << i;
    EXPECT_ERRNO(file.fsync(), EIO) << "time " << i;
    EXPECT_ERRNO(lookUp(view), EIO) << "time " << i;
    EXPECT_ERRNO(create(view, "new-name"), EIO) << "time " << i;
  }
}

void everythingWorks(const View& view, const File& file, CalledFrom = Line::current()) {
  EXPECT_OK(read(file));
  EXPECT_OK(write(file));
  EXPECT_OK(lookUp(view));
  EXPECT_OK(create(view, "new-name"));
}

// A volatile overlay beside the one under test.
const View* anotherVolatile(Subject& subject, CalledFrom = Line::current()) {
  return mounted(subject, subject.beside.mountOverlay("volatile"));
}

// The upper's error is reported to somebody, so that a new one counts as new.
void reportOnTheUpper(Subject& subject, CalledFrom = Line::current()) {
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO);
}

CASE(B1, FailsForEver, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  everythingFails(subject, file);
}

CASE(B1, AReportOnTheUpperChangesNothing, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  reportOnTheUpper(subject);
  everythingFails(subject, file);
}

CASE(B1, AnErrorOutsideOfTheOverlayCounts, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWritebackElsewhere();
  everythingFails(subject, file);
}

CASE(B1, NoNumberOfErrorsBringsItBack, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  for (int i = 0; i < kForEver; ++i) {
    reportOnTheUpper(subject);
    EXPECT_ERRNO(read(file), EIO) << "after the report of error " << i;
    subject.loseWritebackElsewhere();
    EXPECT_ERRNO(read(file), EIO) << "after error " << i;
  }
}

// Without a latch an errseq that has come round again is one that nothing has happened to.
CASE(B1, OnlyTheOneThatWasSeenComesRound, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  const File file = view->open("data");
  everythingWorks(*view, file);
  for (int i = 0; i < kForEver; ++i) {
    subject.loseWritebackElsewhere();
    EXPECT_ERRNO(read(file), EIO) << "after error " << i;
    reportOnTheUpper(subject);
    EXPECT_ERRNO(read(file), EIO) << "after the report of error " << i;
  }
}

// As many errors as the counter of an errseq has values, each of them seen: it is again what it
// was.
CASE(B1, AnErrseqThatHasComeRoundBringsNothingBack, .subjects = kVolatileOnly, .long_running = true,
     .limit_seconds = 1800) {
  constexpr int kValues = 1 << 19;  // lib/errseq.c: 32 bits less those of errno and ERRSEQ_SEEN
  subject.loseWritebackAndSeeIt();
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  const File file = view->open("data");
  const File on_upper = subject.upper().open("data");
  EXPECT_OK(read(file));
  // One that nobody uses meanwhile, and that cannot know: it shows that the errseq is the same
  // again.
  const View* unused = anotherVolatile(subject);
  if (unused == nullptr) return;
  const File witness = unused->open("data");
  Fault fault = subject.breakData();
  for (int i = 0; i < kValues; ++i) {
    // A whole region fails that is somewhere in the file: this is on both sides of its middle.
    for (const off_t side : {kDataBytes / 2 - kBytes, kDataBytes / 2}) {
      sys::require(on_upper.pwrite(sys::freshBytes(kBytes), side), "write",
                   "on the upper filesystem");
    }
    if (on_upper.fsync() != Result::failure(EIO) || on_upper.syncfs() != Result::failure(EIO)) {
      throw sys::SetupError("count the errors", "number " + std::to_string(i), 0);
    }
    if (i == 0) {
      EXPECT_ERRNO(read(file), EIO);
    }
  }
  EXPECT_OK(read(witness)) << "the errseq has not come round";
  EXPECT_ERRNO(read(file), EIO);
  fault.heal();
  EXPECT_ERRNO(lookUp(*view), EIO);
}

CASE(B1, AnErrorThatWasSeenBeforeTheMountDoesNotCount, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  everythingWorks(*view, view->open("data"));
}

CASE(B2, AFileOpenedByHandle, .subjects = kVolatileOnly, .overlay_options = kHandles) {
  const std::vector<OpenedFd> opened = openEveryKind(subject, kHandles);
  subject.loseWriteback();
  for (const OpenedFd& fd : opened) {
    struct stat status {};
    if (::fstat(fd.file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    EXPECT_ERRNO(read(fd.file), EIO) << fd.kind;
  }
}

CASE(B2, AHandleCannotBeOpened, .subjects = kVolatileOnly, .overlay_options = kHandles) {
  const File file = subject.open("data");
  FileHandle handle;
  const auto open = [&] { return Result::ofCall(handle.open(file, O_RDONLY) ? 0 : -1); };
  EXPECT_OK(handle.take(file));
  EXPECT_OK(open());
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(open(), EIO);
  EXPECT_ERRNO(read(file), EIO);
}

CASE(B2, AllVolatileOverlaysOfTheUpperFail, .subjects = kVolatileOnly) {
  const View* second = anotherVolatile(subject);
  if (second == nullptr) return;
  const File first_file = subject.open("data");
  const File second_file = second->open("data");
  subject.loseWriteback();
  everythingFails(*second, second_file);
  everythingFails(subject, first_file);
}

CASE(B2, AnOverlayOnTopOfItFailsToo, .subjects = kVolatileOnly) {
  const View& top = subject.beside.overlayOnTmpfs(subject);
  const File file = top.open("data", O_RDONLY);
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_ERRNO(Result::ofCall(::access(top.path("upper-dir/.").c_str(), R_OK)), EIO);
}

CASE(B2, UpperDetachedBeforeTheError, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const File on_upper = subject.upper().open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(write(file));
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  subject.mount.detachUpper();
  EXPECT_ERRNO(on_upper.fsync(), EIO);
  fault.heal();
  everythingFails(subject, file);
}

// Takes each step again and again in a thread of its own, loses writeback meanwhile, and returns
// how each thread has ended: success for one that had to be stopped.
std::vector<Result> stepsThatEnd(Subject& subject,
                                 const std::vector<std::function<Result(int)>>& steps) {
  constexpr std::chrono::seconds kLimit(5);
  std::vector<Result> ends(steps.size(), Result::success());
  std::mutex mutex;
  std::condition_variable somebody_ended;
  std::size_t ended = 0;
  std::vector<std::jthread> threads;  // asked to stop when they go, also by an exception
  for (std::size_t i = 0; i < steps.size(); ++i) {
    threads.emplace_back([&, i](const std::stop_token& stop) {
      for (int round = 0; ends[i].ok() && !stop.stop_requested(); ++round)
        ends[i] = steps[i](round);
      const std::lock_guard lock(mutex);
      ++ended;
      somebody_ended.notify_one();
    });
  }
  subject.loseWriteback();
  {
    std::unique_lock lock(mutex);
    somebody_ended.wait_for(lock, kLimit, [&] { return ended == steps.size(); });
  }
  threads.clear();
  return ends;
}

// Whoever is in the middle of something when the error comes gets EIO from the next call on.
CASE(B2, EveryThreadComesToAnEnd, .subjects = kVolatileOnly) {
  const File reader = subject.open("data", O_RDONLY);
  const File writer = subject.open("other");
  const std::vector<std::function<Result(int)>> steps = {
      [&](int) { return read(reader); },
      [&](int) { return write(writer); },
      [&](int) { return lookUp(subject, "lower-file"); },
      [&](int i) { return create(subject, "new-name-" + std::to_string(i % 8)); },
      [&](int i) {
        const std::string path = subject.path("directory-" + std::to_string(i));
        const Result made = Result::ofCall(::mkdir(path.c_str(), 0700));
        return made.ok() ? Result::ofCall(::rmdir(path.c_str())) : made;
      },
  };
  EXPECT_EQ(stepsThatEnd(subject, steps), std::vector<Result>(steps.size(), Result::failure(EIO)));
}

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

// A mapping is of the upper file: msync reports what that one has lost, once.
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

// Its name is out of reach; with the overlay it goes.
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
  needTheDisksErrno(subject);
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
