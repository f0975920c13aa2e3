// SPDX-License-Identifier: GPL-2.0
// JSON: everything that a run found out, and exactly what was judged. Invalid UTF-8 of a guest is
// replaced.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// results.json: one tree.
std::string json(const Results& results, const TreeResults& tree);

// matrix.json: several trees side by side. "trees" has one object for each tree, "cases" one for
// each case, tree, filesystem and subject: "off", "on" and "proof" are null where that side was not
// judged. A kernel of the user's own has its verdict in "on".
std::string matrixJson(const Results& results);

// What each object of a list in one of these files has as `key` ("" when it has no such text);
// nothing for a file that is none of ours.
std::optional<std::vector<std::string>> namesIn(const std::filesystem::path& report,
                                                const char* list, const char* key);

}  // namespace runner
