// SPDX-License-Identifier: GPL-2.0-only
// Coverage: which pairs of circumstances the steps of this guest were taken in.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/circumstance.h"
#include "model/world.h"

namespace conformance {

class Coverage {
 public:
  // A step was taken in this circumstance.
  void add(const model::Circumstance& circumstance) { model::add(covered_, circumstance); }
  // From now on, also counts what the model says can be had.
  void countPossible() { counts_possible_ = true; }
  void addPossible(const model::Rules& rules, bool subject_is_volatile) {
    if (counts_possible_) possible_ |= model::possiblePairs(rules, subject_is_volatile);
  }

  std::size_t possible() const { return (possible_ | covered_).count(); }
  std::size_t covered() const { return covered_.count(); }
  // In words: "volatile,index=on x fdatasync".
  std::vector<std::string> missing() const;

 private:
  model::Pairs possible_, covered_;
  bool counts_possible_ = false;
};

// Of all sequences that this process judges.
Coverage& coverage();

}  // namespace conformance
