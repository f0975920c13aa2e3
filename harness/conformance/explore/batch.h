// SPDX-License-Identifier: GPL-2.0-only
// Batches: sequences as cases, for every run and for `explore`.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/case.h"

namespace conformance {

// Cases that take so many steps on each filesystem, some for each series. Same seed: same steps.
std::vector<Case> explorations(std::uint64_t seed, std::uint64_t steps);

}  // namespace conformance
