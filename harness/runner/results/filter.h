// SPDX-License-Identifier: GPL-2.0-only
// Filter: which cases run. The host and the guest have to agree, so the host turns the user's words
// into plain fnmatch(3) patterns and passes those to the guest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// Splits at ':' and makes each part a pattern on "A2.EveryOpenFdReportsOnce/ext4/overlay":
//   with * ? or [       as it is
//   a requirement id    all of its cases ("A2" is not "A20")
//   a full name         that one
//   other text          every case with that text in its name ("plain", "Fifo")
// Throws Failure (usage) for characters that occur in no name and would not survive a kernel
// command line, and for more than 1024 bytes.
std::vector<std::string> parseFilter(std::string_view text);

// True if there are no patterns or one of them matches.
bool matchesFilter(const std::vector<std::string>& patterns, const std::string& full_name);

// The patterns as one argument for the guest.
std::string joinFilter(const std::vector<std::string>& patterns);

}  // namespace runner
