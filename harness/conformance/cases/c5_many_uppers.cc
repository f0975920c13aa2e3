// SPDX-License-Identifier: GPL-2.0-only
// C1, C5 and C6: what the kernel knows of several upper directories, and of more than it has room
// for.
#include <bit>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"
#include "sys/mounting.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr int kRemembered = 4096;  // OVL_VOLATILE_MAX in volatile.c

// With what is known of the uppers of other cases, there would be something else to forget.
CASE(C1, SeveralUppersAreRemembered, .subjects = kVolatileOnly, .comes_first = true) {
  std::vector<VolatileUpper> uppers;
  for (int i = 0; i < 3; ++i) uppers.emplace_back(subject).mountCycle();
  for (VolatileUpper& upper : uppers) {
    if (upper.isMounted()) upper.end();
  }
}

// A kernel with room for three would have to forget some, but none of these. The subject is the one
// in use.
CASE(C5, NeitherAnUpperInUseNorTheLatestIsForgotten, .subjects = kVolatileOnly) {
  VolatileUpper in_use(subject, subject.layers.own());
  for (int i = 0; i < 2; ++i) VolatileUpper(subject).mountCycle();
  VolatileUpper second_latest(subject), latest(subject);
  second_latest.mountCycle();
  latest.mountCycle();
  if (latest.isMounted()) latest.end();
  if (second_latest.isMounted()) second_latest.end();
  subject.mount.unmountOverlay();
  EXPECT_OK(in_use.mount());
}

// As with errors in the cursor of a file (A2), each of them must count.
CASE(C6, OneOfManyErrorsRefuses, .subjects = kVolatileOnly) {
  constexpr unsigned kErrors = 64;
  std::map<unsigned, VolatileUpper> errors_ago;
  for (unsigned left = kErrors; left > 0; --left) {
    if (std::has_single_bit(left)) errors_ago.try_emplace(left, subject).first->second.mountCycle();
    subject.loseWritebackElsewhere();
    seeTheError(subject);
  }
  for (auto& [count, upper] : errors_ago) {
    SCOPED_TRACE("errors since then: " + std::to_string(count));
    upper.isRefused(kHadAnError);
  }
}

// Each upper directory exists for one mount cycle.
void mountCyclesOfOthers(Subject& subject, int count) {
  const std::string memory = subject.beside.layersInMemory("tmpfs").upper;
  const std::string upper = memory + "/new-upper", work = memory + "/new-work";
  const sys::MountRequest request{"overlay", subject.layers.freshDirectory(), "overlay",
                                  overlayOptions(subject.layers.lower(), upper, work, "volatile")};
  for (int i = 0; i < count; ++i) {
    for (const std::string& directory : {upper, work}) fs::create_directory(directory);
    sys::Mount(request).unmount();
    for (const std::string& directory : {upper, work}) fs::remove_all(directory);
  }
}

CASE(C5, TheUpperThatWasNotMountedForTheLongestTimeIsForgotten, .subjects = kVolatileOnly,
     .long_running = true, .limit_seconds = 600) {
  VolatileUpper in_use(subject, subject.layers.own()), oldest(subject), next(subject);
  next.mountCycle();
  oldest.mountCycle();
  next.mountCycle();
  mountCyclesOfOthers(subject, kRemembered - 2);
  oldest.isRefused(kUnknown);
  if (next.isMounted()) next.end();
  subject.mount.unmountOverlay();
  EXPECT_OK(in_use.mount());
}

CASE(C5, AnUpperThatCannotBeRememberedPushesNoneOut, .subjects = kVolatileOnly,
     .long_running = true, .limit_seconds = 600) {
  VolatileUpper oldest(subject), without_handles(subject, subject.beside.layersInMemory("ramfs"));
  oldest.mountCycle();
  // The subject is one of them: the table is full.
  mountCyclesOfOthers(subject, kRemembered - 2);
  without_handles.mountCycle();
  EXPECT_OK(oldest.mount());
}

// Its marker was removed by hand, so nothing but what is known refuses it.
CASE(C5, AnUpperThatIsLostIsNotForgottenEarlier, .subjects = kVolatileOnly, .long_running = true,
     .limit_seconds = 600) {
  VolatileUpper oldest(subject), lost(subject);
  oldest.mountCycle();
  lost.mountCycleWithALoss();
  // The subject is one of them.
  mountCyclesOfOthers(subject, kRemembered - 2);
  oldest.isRefused(kUnknown);
  lost.isRefused(kFailed);
}

}  // namespace
}  // namespace conformance
