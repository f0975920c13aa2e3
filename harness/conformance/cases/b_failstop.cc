// SPDX-License-Identifier: GPL-2.0-only
// B1, B2: a volatile overlay fails as a whole at the first error.
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "conformance/cases/failstop.h"
#include "conformance/fd_kinds.h"
#include "conformance/file_handle.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

CASE(B1, KeepsFailing, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  subject.loseWriteback();
  everythingFails(subject, file);
}

CASE(B1, AnyErrorCounts, .subjects = kVolatileOnly) {
  for (const FaultKind kind : {FaultKind::no_space, FaultKind::timed_out}) {
    SCOPED_TRACE("errno " + std::to_string(errnoOf(kind)));
    const View* view = anotherVolatile(subject);
    if (view == nullptr) return;
    const File file = view->open("data");
    everythingWorks(*view, file);
    subject.disk.loseWriteback(view->path("data"), view->barePath("data"), kind);
    everythingFails(*view, file);
    EXPECT_FALSE(subject.upper().open("data").syncfs().ok()) << "it was unseen";
  }
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
  for (int i = 0; i < kRepeats; ++i) {
    reportOnTheUpper(subject);
    EXPECT_ERRNO(read(file), EIO) << "after the report of error " << i;
    subject.loseWritebackElsewhere();
    EXPECT_ERRNO(read(file), EIO) << "after error " << i;
  }
}

// Without a latch, an errseq that has wrapped looks as if nothing had happened.
CASE(B1, OnlyTheOneThatWasSeenComesRound, .subjects = kVolatileOnly) {
  subject.loseWritebackAndSeeIt();
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  const File file = view->open("data");
  everythingWorks(*view, file);
  for (int i = 0; i < kRepeats; ++i) {
    subject.loseWritebackElsewhere();
    EXPECT_ERRNO(read(file), EIO) << "after error " << i;
    reportOnTheUpper(subject);
    EXPECT_ERRNO(read(file), EIO) << "after the report of error " << i;
  }
}

// As many errors as the counter of an errseq has values, each of them seen: the errseq has its old
// value again.
CASE(B1, AnErrseqThatHasComeRoundBringsNothingBack, .subjects = kVolatileOnly, .long_running = true,
     .limit_seconds = 1800) {
  constexpr int kValues = 1 << 19;  // lib/errseq.c: 32 bits less those of errno and ERRSEQ_SEEN
  subject.loseWritebackAndSeeIt();
  const View* view = anotherVolatile(subject);
  if (view == nullptr) return;
  const File file = view->open("data");
  const File on_upper = subject.upper().open("data");
  EXPECT_OK(read(file));
  // An overlay that is not used meanwhile and cannot notice: it shows that the errseq has its old
  // value again.
  const View* unused = anotherVolatile(subject);
  if (unused == nullptr) return;
  const File witness = unused->open("data");
  Fault fault = subject.breakData();
  for (int i = 0; i < kValues; ++i) {
    // Some whole region in the file fails: write on both sides of its middle.
    for (const off_t side : {off_t{kDataBytes / 2} - off_t{kBytes}, off_t{kDataBytes / 2}}) {
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
  EXPECT_OK(read(witness)) << "the errseq has not wrapped";
  EXPECT_ERRNO(read(file), EIO);
  fault.heal();
  EXPECT_ERRNO(view->tryOpen("data", O_RDONLY), EIO);
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

// The top opens its lower files and directories from inside the kernel, without a path walk.
CASE(B2, AnOverlayOnTopOfItFailsToo, .subjects = kVolatileOnly) {
  const View& top = subject.beside.overlayOnTmpfs(subject);
  const File file = top.open("data", O_RDONLY);
  EXPECT_OK(lookUp(top, "other"));
  EXPECT_OK(lookUp(top, "lower-dir"));
  subject.loseWriteback();
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_ERRNO(top.tryOpen("other", O_RDONLY), EIO);
  EXPECT_ERRNO(top.tryOpen("lower-dir", O_RDONLY | O_DIRECTORY), EIO);
  EXPECT_ERRNO(lookUp(top, "lower-file"), EIO);
}

// Copies a page between two open files, in ways that read the one and write the other.
struct Copy {
  const char* name;
  long (*call)(int from, int into);
};

constexpr Copy kCopies[] = {
    {"copy_file_range",
     [](int from, int into) -> long {
       return ::copy_file_range(from, nullptr, into, nullptr, kBytes, 0);
     }},
    {"sendfile",
     [](int from, int into) -> long {
       off_t offset = 0;
       return ::sendfile(into, from, &offset, kBytes);
     }},
};

// The one that has failed is the source, or the target.
CASE(B2, ACopyBetweenTwoOverlays, .subjects = kVolatileOnly) {
  const View& sound = subject.beside.another();
  const File failed_file = subject.open("data");
  const File sound_file = sound.open("data");
  for (const Copy& copy : kCopies) {
    EXPECT_OK(Result::ofCall(copy.call(failed_file.descriptor(), sound_file.descriptor())))
        << copy.name;
  }
  subject.loseWritebackElsewhere();
  for (const Copy& copy : kCopies) {
    EXPECT_ERRNO(Result::ofCall(copy.call(failed_file.descriptor(), sound_file.descriptor())), EIO)
        << copy.name << " from the failed overlay";
    EXPECT_ERRNO(Result::ofCall(copy.call(sound_file.descriptor(), failed_file.descriptor())), EIO)
        << copy.name << " into the failed overlay";
  }
  EXPECT_OK(read(sound_file));
  EXPECT_OK(write(sound_file));
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

// Repeats each step in a thread of its own, loses writeback meanwhile, and returns how each thread
// ended: success if it had to be stopped.
std::vector<Result> stepsThatEnd(Subject& subject,
                                 const std::vector<std::function<Result(int)>>& steps) {
  constexpr std::chrono::seconds kLimit(5);
  std::vector<Result> ends(steps.size(), Result::success());
  std::mutex mutex;
  std::condition_variable somebody_ended;
  std::size_t ended = 0;
  std::vector<std::jthread> threads;  // asked to stop on destruction, also by an exception
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

// A thread that is busy when the error arrives gets EIO from its next call on.
CASE(B2, EveryThreadComesToAnEnd, .subjects = kVolatileOnly) {
  const File reader = subject.open("data", O_RDONLY);
  const File writer = subject.open("other");
  const std::vector<std::function<Result(int)>> steps = {
      [&](int) { return read(reader); },
      [&](int) { return write(writer); },
      [&](int) { return subject.tryOpen("lower-file", O_RDONLY); },
      [&](int i) { return create(subject, "new-name-" + std::to_string(i % 8)); },
      [&](int i) {
        const std::string path = subject.path("directory-" + std::to_string(i));
        const Result made = Result::ofCall(::mkdir(path.c_str(), 0700));
        return made.ok() ? Result::ofCall(::rmdir(path.c_str())) : made;
      },
  };
  EXPECT_EQ(stepsThatEnd(subject, steps), std::vector<Result>(steps.size(), Result::failure(EIO)));
}

}  // namespace
}  // namespace conformance
