// SPDX-License-Identifier: GPL-2.0-only
// What the top Makefile of a kernel says about its release.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace runner {

// The value of "NAME = 7" in the text of a Makefile; empty if there is none.
std::string makefileValue(const std::string& makefile, std::string_view name);

// "6.1.150", "7.0-rc3": VERSION to EXTRAVERSION, without a SUBLEVEL of 0. Empty: it names none.
std::string releaseInMakefile(const std::string& makefile);

// The same for the top Makefile of a source. Throws Failure (usage) if it names none.
std::string releaseOfSource(const std::filesystem::path& directory, const std::string& named);

// How many releases lie between two: 6.1.150 and 6.6 are 5 apart, 5.19 and 6.0 are neighbours.
int releasesApart(std::string_view one, std::string_view other);

}  // namespace runner
