// SPDX-License-Identifier: GPL-2.0-only
// B2: every operation may be the one that finds the error, and fails once the overlay has failed.
// B4: it fails at once, however often it is called; and some operations go on.
// B6: on any other mount each of them goes on as if nothing had happened, and leaves the error to
// syncfs.
#include <fcntl.h>

#include <filesystem>
#include <string>
#include <utility>

#include "conformance/cases/failstop.h"
#include "conformance/kernel_log.h"
#include "conformance/operations.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

Call prepared(const Operation& operation, const Subject& subject, const View& view) {
  try {
    return operation.prepare(view);
  } catch (const NoAcls&) {
    skipWithoutAcls(subject.filesystem());
  }
}

void findsTheError(Subject& subject, const Operation& operation) {
  const Call call = prepared(operation, subject, subject);
  const File file = subject.open("other");
  subject.loseWritebackElsewhere();
  KernelLog log;
  EXPECT_ERRNO(call(), EIO);
  EXPECT_EQ(timesThatItFailed(log), 1) << "lines of the kernel log say that it failed";
  staysFailed(subject, file, log);
}

// Whoever holds on to a file of this directory, or to the right to write to it, keeps others from
// having a lease.
void nobodyHolds(const std::string& directory, CalledFrom = Line::current()) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const File file(entry.path());
    EXPECT_OK(sys::Result::ofCall(::fcntl(file.descriptor(), F_SETLEASE, F_WRLCK)))
        << "for " << entry.path();
  }
}

// A lock that was kept would stop the second call, or the freeze of the upper filesystem. What is
// kept of a file would stop others once the overlay has gone.
void failsAgain(Subject& subject, const Operation& operation) {
  Call call = prepared(operation, subject, subject);
  subject.loseWritebackElsewhere();
  for (int i = 0; i < kRepeats; ++i) {
    const sys::Result result = call();
    EXPECT_ERRNO(result, EIO) << "time " << i;
    if (result.ok()) return;  // it may block now, as a splice from an empty pipe does
  }
  sys::Result frozen = sys::Result::success();
  EXPECT_TRUE(subject.mount.endsWhileUpperIsFrozen([&] { frozen = call(); }))
      << "it waits for the upper filesystem to be thawed";
  EXPECT_ERRNO(frozen, EIO) << "while the upper filesystem is frozen";
  call = nullptr;
  subject.mount.unmountOverlay();
  nobodyHolds(subject.upper().root());
  nobodyHolds(subject.layers.lower());
}

void failsAfterwards(Subject& subject, const Operation& operation) {
  const Call call = prepared(operation, subject, subject);
  const File file = subject.open("other");
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_ERRNO(call(), EIO);
}

// Whether it works at all depends on the filesystem: a second mount without an error shows that.
void goesOn(Subject& subject, const Operation& operation) {
  const sys::Result before = prepared(operation, subject, subject.beside.another())();
  const Call call = prepared(operation, subject, subject);
  const File on_upper = subject.upper().open("data", O_RDONLY);
  subject.loseWritebackElsewhere();
  const sys::Result result = call();
  EXPECT_EQ(result.error(), before.error());
  EXPECT_ERRNO(subject.upper().open("other", O_RDONLY).syncfs(), EIO) << "a late opener";
  EXPECT_ERRNO(on_upper.syncfs(), EIO);
}

// On a failed overlay.
void isStillPossible(Subject& subject, const Operation& operation) {
  const Call call = prepared(operation, subject, subject);
  const File file = subject.open("other");
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_OK(call());
}

auto with(const Operation& operation, void (*statement)(Subject&, const Operation&)) {
  return [&operation, statement](Subject& subject) { statement(subject, operation); };
}

void add(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const Traits on_volatile{.subjects = kVolatileOnly};
    Registration({"B2", operation.title + "FindsTheError", Line::current(), on_volatile,
                  with(operation, findsTheError)});
    Registration({"B2", operation.title + "FailsAfterwards", Line::current(), on_volatile,
                  with(operation, failsAfterwards)});
    Registration({"B4", operation.title + "FailsAgain", Line::current(), on_volatile,
                  with(operation, failsAgain)});
    // fsync and syncfs are for A1 and A17: on these mounts they report.
    if (operation.title == "Syncfs") continue;
    Registration({"B6", operation.title + "GoesOn", Line::current(),
                  Traits{.subjects = kOverlayOnly}, with(operation, goesOn)});
  }
}

void addStillPossible(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    Registration({"B4", operation.title + "IsStillPossible", Line::current(),
                  Traits{.subjects = kVolatileOnly}, with(operation, isStillPossible)});
  }
}

const bool kAdded = [] {
  add(operationsOnDescriptors());
  add(operationsOnAttributes());
  add(operationsOnNames());
  addStillPossible(operationsThatGoOn());
  return true;
}();

}  // namespace
}  // namespace conformance
