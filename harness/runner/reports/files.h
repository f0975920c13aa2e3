// SPDX-License-Identifier: GPL-2.0-only
// The report files: of one tree in one directory, of several trees in a directory each.
#pragma once

#include <filesystem>
#include <string>

#include "runner/results/results.h"

namespace runner {

// The name of a machine's console log: "console-ext4-on.log".
std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on);

// Removes the reports and console logs of an earlier run, lest they be mistaken for those of the
// next one: of one tree, or of several with their directories. Without our results.json or
// matrix.json, removes nothing. Ignores files that cannot be removed.
void removeReports(const std::filesystem::path& directory);

// Writes results.json, results.ktap, results.xml and failures.txt. With several trees, each (also
// one without a kernel) gets these in a directory named like the tree, and matrix.txt (the table)
// and matrix.json go beside them. Replaces each file atomically and leaves other files alone.
// Throws Failure (environment) if the directory is not writable.
void writeReports(const Results& results, const std::filesystem::path& directory);

}  // namespace runner
