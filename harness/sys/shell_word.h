// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

namespace sys {

// Quoted so that a shell takes it as one word; as it is when it needs no quotes.
std::string shellWord(std::string_view text);

}  // namespace sys
