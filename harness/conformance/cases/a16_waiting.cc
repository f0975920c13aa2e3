// SPDX-License-Identifier: GPL-2.0-only
// A1, A15, A16: a syncfs that has to wait, for the disk or for whoever holds the upper filesystem.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <optional>

#include "conformance/call_in_thread.h"
#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/held_disk.h"
#include "sys/filesystem_control.h"

namespace conformance {
namespace {

using namespace std::chrono_literals;
using sys::File;
using sys::Result;

constexpr auto kLong = 20ms;

// The file that is opened then may get the memory of the one that was closed.
CASE(A16, AFileThatIsClosedMeanwhileReports) {
  std::optional<File> file = subject.open("data");
  const File directory = subject.open(".", O_RDONLY | O_DIRECTORY);
  Fault fault = subject.breakData();
  EXPECT_OK(file->pwrite(sys::freshBytes(kDataBytes), 0));
  std::optional<CallInThread> asks;
  HeldDisk held = subject.disk.hold();
  asks.emplace([fd = file->descriptor()] { return Result::ofCall(::syncfs(fd)); });
  EXPECT_TRUE(asks->waits()) << "for the disk";
  file.reset();
  const File next = subject.open(".", O_RDONLY | O_DIRECTORY);
  held.release();
  EXPECT_ERRNO(asks->result(), EIO);
  fault.heal();
  EXPECT_ERRNO(next.syncfs(), EIO);
  EXPECT_ERRNO(directory.syncfs(), EIO);
}

// Whoever freezes the upper filesystem holds it while it is synced.
CASE(A16, ItWaitsForWhoeverHoldsTheUpper) {
  const File file = subject.open("data");
  const File root = subject.upper().open(".", O_RDONLY | O_DIRECTORY);
  Fault fault = subject.breakData();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  std::optional<CallInThread> freezes, asks;
  HeldDisk held = subject.disk.hold();
  freezes.emplace([&] {
    const sys::Freeze frozen(root);
    return Result::success();
  });
  EXPECT_TRUE(freezes->waits()) << "for the disk";
  asks.emplace([&] { return file.syncfs(); });
  EXPECT_TRUE(asks->waits()) << "for the freeze";
  asks->interrupt();
  held.release();
  EXPECT_OK(freezes->result());
  EXPECT_ERRNO(asks->result(), EIO);
  fault.heal();
}

// No signal takes the report away, nor is it an answer.
CASE(A1, ASignalTakesNoReportAway) {
  const File file = subject.open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  std::optional<CallInThread> asks;
  HeldDisk held = subject.disk.hold();
  asks.emplace([&] { return file.syncfs(); });
  EXPECT_TRUE(asks->waits()) << "for the disk";
  asks->interrupt();
  held.release();
  EXPECT_ERRNO(asks->result(), EIO);
  fault.heal();
  EXPECT_OK(file.syncfs());
}

// What was written since another syncfs began is not in that one.
CASE(A15, ItDoesNotJoinASyncfsThatHasBegun) {
  const File first = subject.open("data");
  const File second = subject.open("other");
  Fault fault = subject.breakData("other");
  EXPECT_OK(first.pwrite(sys::freshBytes(kDataBytes), 0));
  std::optional<CallInThread> begins, follows;
  HeldDisk held = subject.disk.hold();
  begins.emplace([&] { return first.syncfs(); });
  EXPECT_TRUE(begins->waits()) << "for the disk";
  EXPECT_OK(second.pwrite(sys::freshBytes(kDataBytes), 0));
  follows.emplace([&] { return second.syncfs(); });
  EXPECT_TRUE(follows->waits()) << "for the disk";
  held.release();
  (void)begins->result();  // whether it finds the error is a matter of chance
  EXPECT_ERRNO(follows->result(), EIO);
  EXPECT_ERRNO(second.fsync(), EIO);  // there was something to sync
  fault.heal();
}

CASE(A1, ItReportsWhileTheUpperIsFrozen) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWriteback();
  Result answer = Result::success();
  EXPECT_TRUE(subject.mount.endsWhileUpperIsFrozen([&] { answer = file.syncfs(); }));
  EXPECT_ERRNO(answer, EIO);
  EXPECT_OK(file.syncfs());
}

CASE(A15, ItWaitsForTheJournal) {
  const File file = subject.open("data", O_RDONLY);
  EXPECT_OK(file.syncfs());
  EXPECT_OK(create(subject, "new-name"));
  std::optional<CallInThread> asks;
  HeldDisk held = subject.disk.hold();
  asks.emplace([&] { return file.syncfs(); });
  EXPECT_TRUE(asks->waits()) << "for the disk";
  held.release();
  EXPECT_OK(asks->result());
}

// It takes longer than all else that is written.
CASE(A15, ItWaitsForTheData) {
  const File file = subject.open("data");
  Fault fault = subject.breakData("data", FaultKind::timed_out);
  subject.disk.timeOutAfter(kLong);
  EXPECT_OK(file.pwrite(sys::freshBytes(kDataBytes), 0));
  EXPECT_FALSE(file.syncfs().ok()) << "syncfs, while the data is still being written";
  fault.waitUntilHit();
  subject.disk.timeOutAfter(0ms);
  fault.heal();
}

}  // namespace
}  // namespace conformance
