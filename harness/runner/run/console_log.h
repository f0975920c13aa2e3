// SPDX-License-Identifier: GPL-2.0-only
// What a machine has written to its console, from the file that keeps it. A file that cannot be
// read counts as empty: missing evidence must not change a verdict.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

// Bytes written so far.
std::uintmax_t sizeOfLog(const std::string& file);

// The last lines after `offset` bytes, at most of the last 64 KiB, oldest first.
std::vector<std::string> linesOfLog(const std::string& file, std::uintmax_t offset);

}  // namespace runner
