// SPDX-License-Identifier: GPL-2.0
#include "runner/base/option_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "runner/base/words.h"

namespace runner {

std::vector<std::string> splitAtCommas(std::string_view text) {
  return splitAt(',', text);
}

void addOnce(std::vector<std::string>& list, const std::string& word) {
  if (std::ranges::find(list, word) == list.end()) list.push_back(word);
}

std::string didYouMean(const std::string& word, const std::vector<std::string>& possible) {
  // Edit distance, one row at a time.
  const auto distance = [&](const std::string& other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const std::size_t replaced = diagonal + (word[i - 1] == other[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      }
    }
    return row.back();
  };
  const std::string* best = nullptr;
  std::size_t least = 3;  // more changes than two are no slip of the fingers
  for (const std::string& candidate : possible) {
    const std::size_t changes = distance(candidate);
    if (changes < least && changes < candidate.size()) {
      least = changes;
      best = &candidate;
    }
  }
  return best == nullptr ? "" : fmt::format("Did you mean '{}'? ", *best);
}

}  // namespace runner
