// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace runner {

using namespace std::chrono_literals;

std::vector<std::string> splitAt(char separator, std::string_view text) {
  std::vector<std::string> words(1);
  for (const char each : text) {
    if (each == separator) {
      words.emplace_back();
    } else {
      words.back() += each;
    }
  }
  return words;
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               began);
}

std::string inWords(std::chrono::milliseconds duration) {
  if (duration >= 10s) return runningTime(duration + 500ms);
  return fmt::format("{:.2%Q %q}", std::chrono::duration<double>(duration));
}

std::string runningTime(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  if (seconds < 1min) return fmt::format("{:%Q %q}", seconds);
  return fmt::format("{} min {} s", seconds / 1min, (seconds % 1min).count());
}

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
  std::string best;
  std::size_t least = 3;  // more than two changes are not a typo
  for (const std::string& candidate : possible) {
    const std::size_t changes = distance(candidate);
    if (changes >= least || changes >= candidate.size()) continue;
    least = changes;
    best = candidate;
  }
  return best.empty() ? "" : fmt::format("Did you mean '{}'? ", best);
}

}  // namespace runner
