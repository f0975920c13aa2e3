// SPDX-License-Identifier: GPL-2.0-only
// Which steps a sequence can go on with.
#pragma once

#include <map>
#include <vector>

#include "model/world.h"

namespace model {

// All possible steps with each verb, the plainest first; verbs that are not possible are absent.
std::map<Verb, std::vector<Step>> candidates(const World& world);

// How often a verb is chosen, in relation to others: losses and syncs above all, and what costs
// time rarely.
unsigned weight(Verb verb);

}  // namespace model
