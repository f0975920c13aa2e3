// SPDX-License-Identifier: GPL-2.0-only
// What the cases of B check on an overlay that has failed, or has not.
#pragma once

#include <algorithm>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/kernel_log.h"
#include "conformance/needs.h"

namespace conformance {

inline void everythingFails(const View& view, const sys::File& file, CalledFrom = Line::current()) {
  for (int i = 0; i < kRepeats; ++i) {
    EXPECT_ERRNO(read(file), EIO) << "time " << i;
    EXPECT_ERRNO(write(file), EIO) << "time " << i;
    EXPECT_ERRNO(file.fsync(), EIO) << "time " << i;
    EXPECT_ERRNO(view.tryOpen("data", O_RDONLY), EIO) << "time " << i;
    EXPECT_ERRNO(create(view, "new-name"), EIO) << "time " << i;
  }
}

inline void everythingWorks(const View& view, const sys::File& file, CalledFrom = Line::current()) {
  EXPECT_OK(read(file));
  EXPECT_OK(write(file));
  EXPECT_OK(lookUp(view));
  EXPECT_OK(create(view, "new-name"));
}

// How many new lines of the kernel log say that a volatile overlay has failed.
inline long timesThatItFailed(KernelLog& log) {
  const auto lines = log.newLines();
  return std::ranges::count_if(lines, [](const std::string& line) {
    return line.find("overlayfs: ") != std::string::npos &&
           line.find("on the upper fs: volatile mount failed") != std::string::npos;
  });
}

// After an operation has found the error: others fail too, and have nothing to find any more. An
// operation that has not latched the failure leaves it to the next one to find and to log it.
inline void staysFailed(const View& view, const sys::File& file, KernelLog& log,
                        CalledFrom = Line::current()) {
  EXPECT_ERRNO(read(file), EIO);
  EXPECT_ERRNO(view.tryOpen("data", O_RDONLY), EIO);
  EXPECT_EQ(timesThatItFailed(log), 0) << "more lines of the kernel log say that it failed";
}

// A volatile overlay beside the one under test, that fails as a whole.
inline const View* anotherVolatile(Subject& subject, CalledFrom = Line::current()) {
  return mounted(subject, subject.beside.mountOverlay(failstopOption(subject.filesystem())));
}

// Reports the upper's error, so that the next one counts as new.
inline void reportOnTheUpper(Subject& subject, CalledFrom = Line::current()) {
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO);
}

}  // namespace conformance
