// SPDX-License-Identifier: GPL-2.0-only
// The requirements: the rows of Documentation/semantics.md, as reports show them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace requirements {

struct Requirement {
  std::string_view id;    // "A2"
  std::string_view text;  // in short: one sentence
};

// All of them, in the order of Documentation/semantics.md, from which table.awk generates them.
std::span<const Requirement> all();

// Throws std::out_of_range for an id that does not exist.
std::string_view textOf(std::string_view id);

// The ids that a word selects, in the order of the table: "A12" that one, "A" all of group A. Empty
// for an unknown word.
std::vector<std::string> idsOf(std::string_view word);

}  // namespace requirements
