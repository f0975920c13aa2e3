// SPDX-License-Identifier: GPL-2.0-only
// Rules: the small mistakes that are made by rule in the code that a series adds.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runner/mutants/c_code.h"

namespace runner {

struct Edit {
  Range range;
  std::string text;  // in its place, with as many newlines
};

struct Change {
  std::string function;  // where it is; for a table of functions, "table"
  std::string rule;      // "delete", "negate"; part of the mutant's name
  std::vector<Edit> edits;
  std::string mistake;  // one sentence
};

// Every change that a rule makes to the added lines of a C file, in the order of the text. added:
// their numbers, from 1. No change touches a line that is not added, a comment, or a message.
std::vector<Change> changesIn(std::string_view text, const std::set<std::size_t>& added);

// The text with the edits, which do not overlap. It has the same number of lines.
std::string withEdits(std::string_view text, std::vector<Edit> edits);

}  // namespace runner
