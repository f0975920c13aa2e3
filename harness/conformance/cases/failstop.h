// SPDX-License-Identifier: GPL-2.0-only
// What the cases of B check on an overlay that has failed, or has not.
#pragma once

#include <algorithm>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/kernel_log.h"

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

// A volatile overlay beside the one under test.
inline const View* anotherVolatile(Subject& subject, CalledFrom = Line::current()) {
  return mounted(subject, subject.beside.mountOverlay("volatile"));
}

// Reports the upper's error, so that the next one counts as new.
inline void reportOnTheUpper(Subject& subject, CalledFrom = Line::current()) {
  EXPECT_ERRNO(subject.upper().open("data", O_RDONLY).syncfs(), EIO);
}

}  // namespace conformance
