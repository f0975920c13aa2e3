// SPDX-License-Identifier: GPL-2.0-only
// Whether a call syncs the upper filesystem, by a file that was written there beside all overlays.
#pragma once

#include <functional>

#include "conformance/case.h"
#include "conformance/workspace.h"

namespace conformance {

// The file "data" is dirty and cannot be written while the call is made.
inline void syncsTheUpper(Subject& subject, bool expected, const std::function<void()>& call,
                          CalledFrom = Line::current()) {
  const sys::File elsewhere = subject.upper().open("data");
  Fault fault = subject.breakData();
  EXPECT_OK(elsewhere.pwrite(sys::freshBytes(kDataBytes), 0));
  call();
  EXPECT_EQ(fault.failedWrites() != 0, expected) << "whether the upper filesystem was synced";
  EXPECT_ERRNO(elsewhere.fsync(), EIO);  // there was something to sync
  fault.heal();
}

}  // namespace conformance
