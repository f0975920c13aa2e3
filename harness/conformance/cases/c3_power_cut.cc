// SPDX-License-Identifier: GPL-2.0-only
// C3 and C4: power is cut between any two writes of two mount cycles of a volatile upper.
#include <unistd.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/power_cuts.h"

namespace conformance {
namespace {

constexpr const char* kWritten = "written";  // through the overlay

void sync(const Subject& subject, CalledFrom = Line::current()) {
  EXPECT_OK(subject.upper().open("other", O_RDONLY).syncfs());
}

[[nodiscard]] bool mountTwice(Subject& subject, VolatileUpper& upper,
                              CalledFrom = Line::current()) {
  for (int cycle = 0; cycle < 2; ++cycle) {
    if (!upper.isMounted()) return false;
    // In the first cycle the marker is still on its way to the disk when the file is written.
    if (cycle > 0) sync(subject);
    EXPECT_OK(create(upper.view(), kWritten));
    EXPECT_OK(write(upper.view().open(kWritten)));
    sync(subject);
    upper.end();
    sync(subject);
  }
  return true;
}

// After each cut, either every mount is refused or nothing that was written exists.
CASE(C3, APowerCutBetweenAnyTwoWrites, .subjects = kVolatileOnly, .limit_seconds = 120) {
  PowerCuts& cuts = subject.powerCuts();
  VolatileUpper upper(subject, subject.layers.own());
  bool completed = false;
  cuts.logWritesOf([&] { completed = mountTwice(subject, upper); });
  if (!completed) return;
  std::size_t refused = 0, untouched = 0;
  for (std::size_t count = 0; count <= cuts.writes(); ++count) {
    SCOPED_TRACE("after " + std::to_string(count) + " of " + std::to_string(cuts.writes()) +
                 " writes");
    cuts.cutAfter(count);
    if (upper.isMarked()) {
      upper.isRefused({kUnknown, kNotVolatile}, "index=off");
      upper.isRefused(kUnknown);
      ++refused;
    } else {
      const std::string written = upper.upper() + '/' + kWritten;
      EXPECT_ERRNO(sys::Result::ofCall(::access(written.c_str(), F_OK)), ENOENT)
          << "there is no marker beside it";
      if (upper.isMounted()) upper.end();
      ++untouched;
    }
  }
  EXPECT_GT(untouched, 0U);
  EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace conformance
