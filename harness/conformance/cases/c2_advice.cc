// SPDX-License-Identifier: GPL-2.0-only
// C2: what the log says of a refusal.
#include <string>

#include "conformance/case.h"
#include "conformance/cases/volatile_upper.h"

namespace conformance {
namespace {

// Nothing is lost yet in these two, so nothing must be discarded.
CASE(C2, TheAdviceFitsTheReason, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.begin();
  upper.isRefused("another mount uses upperdir or workdir; unmount that first", kWithoutIndex);
  upper.end();
  upper.isRefused("only another volatile mount may use upperdir; mount it volatile, or copy",
                  "index=off");
  if (!upper.isMounted()) return;
  upper.end();
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  upper.isRefused("writeback error since the first volatile mount; discard upperdir and workdir");
}

// That is the only error: what comes next would say less.
CASE(C2, ARefusalIsLoggedOnce, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  const auto isLoggedOnce = [&](const std::string& options) {
    SCOPED_TRACE(options);
    KernelLog log;
    EXPECT_ERRNO(upper.mount(options), EINVAL);
    EXPECT_EQ(errorsWith(log, "overlayfs: "), 1);
  };
  isLoggedOnce("index=off");
  subject.loseWritebackElsewhere();
  seeTheError(subject);
  isLoggedOnce("volatile");
}

}  // namespace
}  // namespace conformance
