// SPDX-License-Identifier: GPL-2.0
// Words: lists, numbers and times as a person says them; lists as an option takes them.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// "a,,b" at ',' has three words, "" one. (clang-tidy 14 cannot read what std::views::split is in
// g++ 12.)
std::vector<std::string> splitAt(char separator, std::string_view text);
// Joined with ", ".
std::string listed(const std::vector<std::string>& words);
// "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view noun);
std::chrono::milliseconds since(std::chrono::steady_clock::time_point began);
// "0.48 s", "12 s", "3 min 52 s".
std::string inWords(std::chrono::milliseconds duration);
// The same without fractions, for a clock that is seen running.
std::string runningTime(std::chrono::milliseconds duration);

std::vector<std::string> splitAtCommas(std::string_view text);
// Puts the word at the end of the list, unless it is there already.
void addOnce(std::vector<std::string>& list, const std::string& word);

// "Did you mean 'ext4'? " when one of the possible words is close, otherwise nothing.
std::string didYouMean(const std::string& word, const std::vector<std::string>& possible);

}  // namespace runner
