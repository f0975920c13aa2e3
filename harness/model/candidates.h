// SPDX-License-Identifier: GPL-2.0-only
// Which steps a sequence can go on with.
#pragma once

#include <vector>

#include "model/world.h"

namespace model {

// All possible steps with this verb, the plainest first.
std::vector<Step> candidates(const World& world, Verb verb);

// How often a verb is chosen, in relation to others: losses and syncs above all, and what costs
// time rarely. Verbs have places below the total, each as many as its weight.
unsigned totalWeight(const World& world);
Verb verbAt(const World& world, unsigned place);

}  // namespace model
