// SPDX-License-Identifier: GPL-2.0-only
// Grouped: texts that apply to several trees or filesystems, printed once with their names.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace runner {

// Texts in the order in which they were first added, each with the names that it applies to.
class Grouped {
 public:
  void add(const std::string& text, const std::string& name) {
    const auto found = std::ranges::find(groups_, text, &Group::first);
    (found == groups_.end() ? groups_.emplace_back(text, Names()) : *found).second.push_back(name);
  }

  auto begin() const { return groups_.begin(); }
  auto end() const { return groups_.end(); }

 private:
  using Names = std::vector<std::string>;
  using Group = std::pair<std::string, Names>;

  std::vector<Group> groups_;
};

}  // namespace runner
