// SPDX-License-Identifier: GPL-2.0
// Grouped: what is the same for several trees or filesystems is said once, with their names.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace runner {

// Texts in the order in which they came first, each with the names that it is true for.
class Grouped {
 public:
  void add(const std::string& text, const std::string& name) {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](const auto& group) { return group.first == text; });
    if (found != groups_.end()) {
      found->second.push_back(name);
    } else {
      groups_.push_back({text, {name}});
    }
  }

  auto begin() const { return groups_.begin(); }
  auto end() const { return groups_.end(); }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
};

}  // namespace runner
