// SPDX-License-Identifier: GPL-2.0-only
// C1 to C3: what is known belongs to the upper directory, whatever its work directories, markers
// and mounts. It never gets better.
#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/volatile_upper.h"

namespace conformance {
namespace {

CASE(C1, AnotherWorkDirectoryInBetween, .subjects = kVolatileOnly) {
  VolatileUpper first(subject);
  VolatileUpper second = first.withAnotherWork();
  first.mountCycle();
  second.mountCycle();
  if (!first.isMounted()) return;
  first.end();
  EXPECT_OK(second.mount());
}

CASE(C2, AnotherWorkDirectoryBringsNothingBack, .subjects = kVolatileOnly) {
  VolatileUpper first(subject);
  VolatileUpper second = first.withAnotherWork();
  first.mountCycleWithALoss();
  second.mountCycle();
  second.isRefused(kFailed);
  first.isRefused(kFailed);
}

CASE(C2, RemovingTheMarkerBringsNothingBack, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycleWithALoss();
  upper.removeMarker();
  upper.mountCycle();
  upper.isRefused(kFailed);
}

// Any mount is allowed then, as before series C.
CASE(C2, WhatWasLostIsLoggedWithoutTheMarker, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycleWithALoss();
  for (const char* options : {"volatile", "index=off"}) {
    upper.removeMarker();
    KernelLog log;
    if (!upper.isMounted(options)) return;
    expectLineWith(log, "upperdir may lack data", kFailed);
    upper.end();
  }
}

CASE(C2, AnErrorBeforeTheMarkerIsRemoved, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWritebackAndSeeIt();
  upper.removeMarker();
  KernelLog log;
  upper.mountCycle();
  expectLineWith(log, "upperdir may lack data", kHadAnError);
  upper.isRefused(kHadAnError);
}

CASE(C2, TheFirstReasonStays, .subjects = kVolatileOnly) {
  VolatileUpper upper(subject);
  upper.mountCycle();
  subject.loseWritebackAndSeeIt();
  upper.removeMarker();
  upper.mountCycleWithALoss();
  upper.isRefused(kHadAnError);
}

// The subject itself is the first one. The second one does not own the upper directory, so that is
// free as soon as the first one has gone.
CASE(C3, TwoMountsAtATimeTheFirstEndsFirst, .subjects = kVolatileOnly) {
  VolatileUpper first(subject, subject.layers.own());
  VolatileUpper second = first.withAnotherWork();
  if (!second.isMounted(kWithoutIndex)) return;
  subject.mount.unmountOverlay();
  first.isRefused({kTwoMounts, kInUse}, kWithoutIndex);
  second.end();
  first.isRefused(kTwoMounts);
  second.isRefused(kTwoMounts);
}

CASE(C3, TwoMountsAtATimeTheLastEndsFirst, .subjects = kVolatileOnly) {
  VolatileUpper first(subject, subject.layers.own());
  VolatileUpper second = first.withAnotherWork();
  if (!second.isMounted(kWithoutIndex)) return;
  second.end();
  second.isRefused({kTwoMounts, kInUse}, kWithoutIndex);
  subject.mount.unmountOverlay();
  first.isRefused(kTwoMounts);
  second.isRefused(kTwoMounts);
}

}  // namespace
}  // namespace conformance
