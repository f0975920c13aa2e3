// SPDX-License-Identifier: GPL-2.0-only
// The model of an errseq, the word in which Linux remembers that writeback failed (lib/errseq.c).
// It says what every cursor has to report, and the kernel's answers are compared with it. One
// thread at a time: the kernel's races are not modelled.
#pragma once

#include <cstdint>

namespace errseq {

// The largest error that fits in the word.
inline constexpr int kMaxErrno = 4095;
// How often the counter can be incremented until it is 0 again: 19 bits.
inline constexpr std::uint32_t kCounterPeriod = 1U << 19;

// How far one open file description has read: f_wb_err for fsync, f_sb_err for syncfs. A cursor
// that starts out as Cursor() has seen nothing at all.
class Cursor {
 public:
  Cursor() = default;
  bool operator==(const Cursor&) const = default;

 private:
  friend class Errseq;
  explicit Cursor(std::uint32_t word) : word_(word) {}

  std::uint32_t word_ = 0;
};

// The word itself: the latest error, whether somebody has been told of it (SEEN), and a counter
// that tells two errors of the same kind apart.
class Errseq {
 public:
  Errseq() = default;

  // Records an error, a positive errno; the latest one wins. The counter moves only if the error
  // before it was seen, so that a storm of errors that nobody looks at doesn't wear it out.
  // Returns false, and records nothing, for 0 and for what doesn't fit (errseq_set).
  bool set(int error);

  // The cursor of a file that is opened now. This opener also gets an error that nobody has seen
  // yet: its cursor stands before it (errseq_sample).
  Cursor sample() const;

  // The latest error if anything was recorded since the cursor was taken, otherwise 0. Nothing
  // moves and nothing counts as seen (errseq_check).
  int check(Cursor since) const;

  // As check(), and the cursor then stands after the error, which counts as seen
  // (errseq_check_and_advance).
  int checkAndAdvance(Cursor& cursor);

  int error() const;              // the latest errno, 0 if there never was one
  bool seen() const;              // somebody was told of it
  std::uint32_t counter() const;  // below kCounterPeriod

 private:
  std::uint32_t word_ = 0;
};

}  // namespace errseq
