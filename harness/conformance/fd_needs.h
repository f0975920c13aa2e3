// SPDX-License-Identifier: GPL-2.0-only
// What a call needs of the fd that it is made on, and what an fd of some kind, opened with some
// flags, offers. A call reaches a layer where all that it needs is offered.
#pragma once

namespace conformance {

enum Need : unsigned {
  // By the flags of open(2).
  kOpened = 1u << 0,
  kReading = 1u << 1,
  kWriting = 1u << 2,
  kAnyPlace = 1u << 3,
  // By the kind.
  kRegular = 1u << 4,
  kDirectory = 1u << 5,
  kInLayer = 1u << 6,
  kSharable = 1u << 7,
  kNotRemoved = 1u << 8,
  kSeeks = 1u << 9,
  kInUpper = 1u << 10,
  // By none.
  kOneSuperblock = 1u << 11,
};

// Why a call with these needs does not reach a layer, or null if it does.
const char* whyNotReached(unsigned needs, unsigned offers);

}  // namespace conformance
