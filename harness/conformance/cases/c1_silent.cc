// SPDX-License-Identifier: GPL-2.0-only
// C1: another volatile mount of an upper is nothing to complain about.
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/syncs_the_upper.h"
#include "conformance/cases/volatile_upper.h"
#include "conformance/kernel_log.h"

namespace conformance {
namespace {

using sys::Result;

// Any mount may log what it has switched on or off: "xino", an index, a metacopy.
CASE(C1, AnotherVolatileMountWarnsOfNothing, .subjects = kVolatileOnly) {
  constexpr int kWarning = 4;  // <linux/kern_levels.h>
  VolatileUpper upper(subject);
  KernelLog log;
  const View view = upper.begin();
  const auto first_mount = log.newLines();
  EXPECT_OK(write(view.open("data")));
  upper.end();
  log.newLines();
  if (!upper.isMounted()) return;
  for (const LogRecord& record : log.newRecords()) {
    if (!record.text.starts_with("overlayfs: ") || record.level > kWarning) continue;
    EXPECT_GT(std::ranges::count(first_mount, record.text), 0)
        << "the first mount did not log: " << record.text;
  }
}

// What others have written there stays dirty.
CASE(C1, AnotherVolatileMountSyncsNothing, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  syncsTheUpper(subject, false, [&] { EXPECT_OK(upper.mount()); });
}

// It is still the same superblock.
CASE(C1, TheUpperWasReadOnlyInBetween, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  EXPECT_OK(subject.mount.whileUpperIsReadOnly([] { return Result::success(); }));
  EXPECT_OK(upper.mount());
}

CASE(C1, TheUpperWasReadOnlyForAWhile, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  const View view = upper.begin();
  const auto change = [&] { return Result::ofCall(::chmod(view.path("data").c_str(), 0640)); };
  EXPECT_ERRNO(subject.mount.whileUpperIsReadOnly(change), EROFS);
  EXPECT_OK(change());
  upper.end();
  EXPECT_OK(upper.mount());
}

}  // namespace
}  // namespace conformance
