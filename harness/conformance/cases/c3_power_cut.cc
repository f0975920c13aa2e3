// SPDX-License-Identifier: GPL-2.0
// C3 and C4: power is cut between any two writes that two lives of a volatile upper cause.
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

[[nodiscard]] bool liveTwice(Subject& subject, VolatileUpper& upper, CalledFrom = Line::current()) {
  for (int life = 0; life < 2; ++life) {
    if (!upper.isMounted()) return false;
    // In the first life the marker is on its way to the disk when the file follows it.
    if (life > 0) sync(subject);
    EXPECT_OK(create(upper.view(), kWritten));
    EXPECT_OK(write(upper.view().open(kWritten)));
    sync(subject);
    upper.end();
    sync(subject);
  }
  return true;
}

// After each cut either every mount is refused, or nothing of what was written is there.
CASE(C3, APowerCutBetweenAnyTwoWrites, .subjects = kVolatileOnly) {
  PowerCuts& cuts = subject.powerCuts();
  VolatileUpper upper(subject, subject.layers.own());
  bool lived = false;
  cuts.logWritesOf([&] { lived = liveTwice(subject, upper); });
  if (!lived) return;
  std::size_t refused = 0, untouched = 0, with_record = 0;
  for (std::size_t count = 0; count <= cuts.writes(); ++count) {
    SCOPED_TRACE("after " + std::to_string(count) + " of " + std::to_string(cuts.writes()) +
                 " writes");
    cuts.cutAfter(count);
    if (upper.isMarked()) {
      std::string record;
      const bool has_record = upper.readRecord(record).ok();
      with_record += has_record ? 1 : 0;
      upper.isRefused(kNotVolatile, "index=off");
      upper.isRefused(has_record ? kMountedAnew : kNoRecord);
      ++refused;
    } else {
      const std::string written = upper.upper() + '/' + kWritten;
      EXPECT_ERRNO(sys::Result::ofCall(::access(written.c_str(), F_OK)), ENOENT)
          << "there is no marker beside it";
      EXPECT_OK(upper.mount());
      subject.beside.unmountLatest();
      ++untouched;
    }
  }
  EXPECT_GT(untouched, 0U);
  EXPECT_GT(with_record, 0U);
  EXPECT_GT(refused, with_record);
}

}  // namespace
}  // namespace conformance
