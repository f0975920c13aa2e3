// SPDX-License-Identifier: GPL-2.0-only
// Matching of case names against a user's filter.
#pragma once

#include <string>
#include <string_view>

namespace sys {

// Whether `name` matches one of the shell patterns in `patterns`, which are separated by ':'. A '*'
// matches '/' too. No pattern at all matches everything.
bool matchesGlob(std::string_view patterns, const std::string& name);

}  // namespace sys
