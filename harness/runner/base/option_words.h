// SPDX-License-Identifier: GPL-2.0
// Option words: those of an option that takes a list, and a word that was meant for another one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// "a,,b" has three words, "" one.
std::vector<std::string> splitAtCommas(std::string_view text);
// Puts the word at the end of the list, unless it is there already.
void addOnce(std::vector<std::string>& list, const std::string& word);

// "Did you mean 'ext4'? " when one of the possible words is close, otherwise nothing.
std::string didYouMean(const std::string& word, const std::vector<std::string>& possible);

}  // namespace runner
