// SPDX-License-Identifier: GPL-2.0-only
#include "errseq/errseq.h"

namespace errseq {
namespace {

// From the lowest bit up: 12 bits of errno, SEEN, the counter.
constexpr std::uint32_t kErrnoMask = 0xfff;
constexpr std::uint32_t kSeen = 0x1000;
constexpr std::uint32_t kCounterStep = 0x2000;
constexpr unsigned kCounterShift = 13;

static_assert(kMaxErrno == kErrnoMask);
static_assert(kCounterStep == 1U << kCounterShift);
static_assert(kCounterPeriod == 1ULL << (32 - kCounterShift));

}  // namespace

bool Errseq::set(int error) {
  if (error <= 0 || error > kMaxErrno) return false;
  const bool was_seen = seen();
  word_ = (word_ & ~(kErrnoMask | kSeen)) | static_cast<std::uint32_t>(error);
  if (was_seen) word_ += kCounterStep;
  return true;
}

Cursor Errseq::sample() const {
  return seen() ? Cursor(word_) : Cursor();
}

int Errseq::check(Cursor since) const {
  return word_ == since.word_ ? 0 : error();
}

int Errseq::checkAndAdvance(Cursor& cursor) {
  if (word_ == cursor.word_) return 0;
  word_ |= kSeen;
  cursor.word_ = word_;
  return error();
}

int Errseq::error() const {
  return static_cast<int>(word_ & kErrnoMask);
}

bool Errseq::seen() const {
  return (word_ & kSeen) != 0;
}

std::uint32_t Errseq::counter() const {
  return word_ >> kCounterShift;
}

}  // namespace errseq
