// SPDX-License-Identifier: GPL-2.0-only
// Batches: sequences as cases, for every run and for `explore`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

#include "conformance/case.h"
#include "conformance/options.h"

namespace conformance {

inline constexpr std::uint64_t kBatch = 1000;  // steps of a case

// The steps of each batch of one series, if so many steps are shared by so many series. Only the
// last one may have fewer than kBatch: what a seed does must not depend on the number of steps.
inline std::vector<std::uint64_t> batchesOf(std::uint64_t steps, std::uint64_t series) {
  std::vector<std::uint64_t> batches;
  for (std::uint64_t left = (steps + series - 1) / series; left != 0;) {
    batches.push_back(std::min(left, kBatch));
    left -= batches.back();
  }
  return batches;
}

// Takes sequences until they have so many steps. take: the number of steps of the sequence with
// that index, or nothing once the case has its verdict. Throws std::logic_error if no step was
// taken, because what has not been tried cannot fail.
inline void takeSequences(std::uint64_t steps,
                          const std::function<std::optional<std::size_t>(std::uint64_t)>& take) {
  std::uint64_t taken = 0;
  for (std::uint64_t i = 0; taken < steps; ++i) {
    const std::optional<std::size_t> more = take(i);
    if (!more) return;
    taken += *more;
  }
  if (taken == 0) throw std::logic_error("no step was taken");
}

// Cases that take so many steps on each filesystem, or steps for so long, some for each series.
// Same seed: same steps.
std::vector<Case> explorations(const Exploration& wanted);

}  // namespace conformance
