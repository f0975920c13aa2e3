// SPDX-License-Identifier: GPL-2.0
// The requirements by id, as a report shows them.
#pragma once

#include <string_view>
#include <vector>

namespace conformance {

struct Requirement {
  std::string_view id;    // "A2"
  std::string_view text;  // one sentence
};

// All of them, in the order of Documentation/semantics.md.
const std::vector<Requirement>& requirements();

// Throws std::out_of_range for an id that there isn't.
std::string_view requirementText(std::string_view id);

}  // namespace conformance
