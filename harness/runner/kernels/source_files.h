// SPDX-License-Identifier: GPL-2.0-only
// Which files a copy of a source directory consists of.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace runner {

// What a build needs of a source directory: the names of regular files and symbolic links in the
// copy, and where each is taken from. A link that leads out of the directory, or that is absolute,
// would lead elsewhere from the copy: it is followed, and what it leads to has the name of the link
// or, in a directory, one below it. One that leads nowhere, or to a directory around it, stays a
// link. Without the files of builds in place. Throws Failure: environment for a directory that
// cannot be read, usage as leaveOutBuilt() does; and Interrupted.
std::map<std::string, std::filesystem::path> sourceFiles(const std::filesystem::path& source);

}  // namespace runner
