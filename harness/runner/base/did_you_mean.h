// SPDX-License-Identifier: GPL-2.0
// A word that was meant for another one.
#pragma once

#include <string>
#include <vector>

namespace runner {

// "Did you mean 'ext4'? " when one of the possible words is close, otherwise nothing.
std::string didYouMean(const std::string& word, const std::vector<std::string>& possible);

}  // namespace runner
