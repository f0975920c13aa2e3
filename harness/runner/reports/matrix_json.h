// SPDX-License-Identifier: GPL-2.0
// matrix.json: several trees side by side, for programs. Everything about one of them is in its own
// results.json.
#pragma once

#include <string>

#include "runner/results/results.h"

namespace runner {

// "trees" has one object for each tree, "cases" one for each case, tree, filesystem and subject:
// "off", "on" and "proof" are null where that side was not judged. A kernel of the user's own has
// its verdict in "on".
std::string json(const MatrixResults& matrix);

}  // namespace runner
