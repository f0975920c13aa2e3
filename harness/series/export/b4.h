// SPDX-License-Identifier: GPL-2.0
// b4: makes and numbers what is sent to a mailing list. Nothing here ever sends a mail.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "series/export/git_tree.h"

namespace runner {

// Of git's configuration: keys and values.
using Settings = std::vector<std::pair<std::string, std::string>>;

// Runs b4 in that tree, with these settings for it and for git. Throws Failure (environment) when
// it is missing or fails.
void runB4(const GitTree& git, std::vector<std::string> arguments, const Settings& settings,
           const std::map<std::string, std::string>& environment = {});

// Throws Failure (usage) for a directory that has files already, or is none.
void requireDirectoryForMails(const std::filesystem::path& directory);

// What `b4 send` would send of the branch that is checked out, each mail a file in `directory`.
// Returns their names. Throws Failure: what requireDirectoryForMails() throws; environment when b4
// fails.
std::vector<std::string> writeMails(const GitTree& git, const std::filesystem::path& directory);

}  // namespace runner
