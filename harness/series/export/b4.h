// SPDX-License-Identifier: GPL-2.0-only
// b4: creates and numbers the mails for a mailing list. Nothing here ever sends one.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "series/export/git_tree.h"

namespace runner {

// Keys and values of git's configuration.
using Settings = std::vector<std::pair<std::string, std::string>>;

// Runs b4 in that tree, with these settings for it and for git. Throws Failure (environment) if it
// is missing or fails.
void runB4(const GitTree& git, std::vector<std::string> arguments, const Settings& settings,
           const std::map<std::string, std::string>& environment = {});

// Throws Failure (usage) for a directory that is not empty, and for a file.
void requireDirectoryForMails(const std::filesystem::path& directory);

// Writes what `b4 send` would send of the checked-out branch into `directory`, each mail a file.
// Returns their names. Throws Failure: what requireDirectoryForMails() throws; environment if b4
// fails.
std::vector<std::string> writeMails(const GitTree& git, const std::filesystem::path& directory);

}  // namespace runner
