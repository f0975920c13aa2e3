// SPDX-License-Identifier: GPL-2.0-only
// Words: lists, numbers and times in readable form; lists as options take them.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// "a,,b" at ',' has three words, "" one. (clang-tidy 14 cannot parse std::views::split of g++ 12.)
std::vector<std::string> splitAt(char separator, std::string_view text);
// Joined with ", ".
std::string listed(const std::vector<std::string>& words);
// "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view noun);
std::chrono::milliseconds since(std::chrono::steady_clock::time_point began);
// "0.48 s", "12 s", "3 min 52 s".
std::string inWords(std::chrono::milliseconds duration);
// The same without fractions, for a running clock.
std::string runningTime(std::chrono::milliseconds duration);

std::vector<std::string> splitAtCommas(std::string_view text);
// Appends the word, unless the list has it.
void addOnce(std::vector<std::string>& list, const std::string& word);

// "Did you mean 'ext4'? " if one of the possible words is close, otherwise empty.
std::string didYouMean(const std::string& word, const std::vector<std::string>& possible);

}  // namespace runner
