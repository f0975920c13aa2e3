// SPDX-License-Identifier: GPL-2.0-only
// Circumstance: what a call is made on, and after what. Mistakes hide in combinations, so those
// that a run has seen are counted, pair by pair.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace model {

class World;
struct Rules;

// What the errseq had seen when the call was made. Of an overlay that fails as a whole, and of what
// has no cursor, only the mount counts.
enum class History : std::uint8_t {
  nothing,          // no error since the upper filesystem was mounted
  unseen,           // an error since the open, and nobody has seen it
  seen_by_others,   // the same, and somebody has
  reported,         // an error since the open, and this open file description has reported it
  opened_late,      // opened when nobody had seen the error
  opened_after,     // opened, or mounted, when somebody had
  failed,           // a volatile mount has failed, and no call has found that
  failure_is_found  // and some call has
};
inline constexpr int kHistories = static_cast<int>(History::failure_is_found) + 1;

// The dimensions of a circumstance, each with an index of its own.
enum class Dimension : std::uint8_t {
  option,   // below
  target,   // Target
  mode,     // openModes()
  verb,     // Verb
  history,  // History
  change,   // which one
  caller    // Caller
};
inline constexpr std::size_t kDimensions = 7;
inline constexpr std::size_t kMostValues = 64;  // of a dimension
inline constexpr int kDoesNotApply = -1;

struct Circumstance {
  std::array<int, kDimensions> values{};

  Circumstance() { values.fill(kDoesNotApply); }
  template <typename Value>
  void set(Dimension dimension, Value value) {
    values[static_cast<std::size_t>(dimension)] = static_cast<int>(value);
  }
};

// How a view came about: options of the mount, by index.
inline constexpr int kBareOption = 0;
inline constexpr int kSubjectOption = 1;          // as the run mounts it
inline constexpr int kVolatileSubjectOption = 2;  // the same, volatile
inline constexpr int kReadOnlyOption = 3;         // remounted read-only, whatever it was
inline constexpr int kFirstModeOption = 4;        // mountModes()

// A value of one dimension, and one of another that comes after it.
struct Pair {
  Dimension first{}, second{};
  int first_value = 0, second_value = 0;
};

// A set of pairs, by number.
using Pairs = std::bitset<kDimensions * kDimensions * kMostValues * kMostValues>;
Pair pairOf(std::size_t number);
// Adds the pairs that a circumstance is made of.
void add(Pairs& pairs, const Circumstance& circumstance);

// All pairs that some sequence of steps can have in such a world: found by trying each way to mount
// and to open with each history, and asking the model which steps are possible then. What is not
// among them, the model says to be impossible.
Pairs possiblePairs(const Rules& rules, bool subject_is_volatile);

}  // namespace model
