// SPDX-License-Identifier: GPL-2.0-only
// A world in which everything is possible, with a few operations and changes.
#pragma once

#include "model/world.h"

inline model::Rules allRules() {
  model::Rules rules;
  rules.operations = 3;
  rules.changes = 2;
  for (int i = 0; i < static_cast<int>(model::mountModes().size()); ++i) rules.mounts.push_back(i);
  return rules;
}
