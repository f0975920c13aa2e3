// SPDX-License-Identifier: GPL-2.0-only
// Sequences of steps: made at random from a seed, and made shorter while they still fail.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/world.h"

namespace conformance {

using Sequence = std::vector<model::Step>;

// A sequence for a world in that state; the same seed gives the same one. length: of the longest
// possible; the average is half of it.
Sequence generate(const model::World& world, std::uint64_t seed, int length);

// Makes a sequence that fails shorter and plainer: the result still fails, and nothing can be left
// out of it, unless `attempts` were not enough.
Sequence shrink(const model::World& world, Sequence sequence,
                const std::function<bool(const Sequence&)>& fails, int attempts);

}  // namespace conformance
