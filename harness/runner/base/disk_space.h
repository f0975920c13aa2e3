// SPDX-License-Identifier: GPL-2.0-only
// Disk space: checked before long work begins, and reported clearly if it runs out all the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "runner/base/failure.h"

namespace runner {

// Throws Failure (environment) unless the filesystem of `directory` has that many bytes free for
// this user. what_for: "the source of Linux 7.3.4".
void requireSpace(const std::filesystem::path& directory, std::uintmax_t bytes,
                  std::string_view what_for);

// The disk usage of a directory in bytes; a file with several names counts once.
std::uintmax_t diskUsage(const std::filesystem::path& directory);

// "1.6 GiB", "84 MiB".
std::string sizeText(std::uintmax_t bytes);

// Creates the directory and its parents if they are missing. Throws writeFailure().
void makeDirectories(const std::filesystem::path& directory);

// What to tell the user if a write below `place` failed with that errno.
Failure writeFailure(const std::filesystem::path& place, int error);
// The same for what std::filesystem throws.
Failure writeFailure(const std::filesystem::filesystem_error& error);

}  // namespace runner
