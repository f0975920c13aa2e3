// SPDX-License-Identifier: GPL-2.0-only
// What the cache keeps of things that no name says are out of date: what was used last.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace runner {

// Records that a file or directory in the cache is used now: its modification time.
void markUsed(const std::filesystem::path& entry);

// Of those files and directories, the ones that no run uses any more: not among the `kept` that
// were used last, and not used for a day.
std::vector<std::filesystem::path> unusedOf(std::vector<std::filesystem::path> entries,
                                            std::size_t kept);

// Marks an entry of a directory in the cache as used, and removes others of that directory: it
// keeps the last five, and what was used in the last day. The caller holds the directory's lock.
// Throws std::filesystem::filesystem_error.
void keepEntry(const std::filesystem::path& entry);

}  // namespace runner
