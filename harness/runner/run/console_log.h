// SPDX-License-Identifier: GPL-2.0
// The console log of a machine, read back while it is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace runner {

// Bytes written so far; 0 when there is no such file yet.
std::uintmax_t consoleSize(const std::string& file);
// The last `count` lines of what was written after `offset` bytes, oldest first; at most the last
// 64 KiB are read. Empty when nothing was written or the file can't be read: it is evidence, and
// its absence must not change a verdict.
std::vector<std::string> consoleLines(const std::string& file, std::uintmax_t offset,
                                      std::size_t count);

}  // namespace runner
