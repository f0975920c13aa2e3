// SPDX-License-Identifier: GPL-2.0
// The reports as files: those of one tree in one directory, those of several in a directory for
// each.
#pragma once

#include <filesystem>
#include <string>

#include "runner/results/results.h"

namespace runner {

// Where a machine's console goes below the directory: "console-ext4-on.log".
std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on);

// Removes the reports and console logs of an earlier run, which nobody is to take for those of the
// next one: of one tree, or of several with the directories that they have. What is not recognised
// as ours by its results.json or matrix.json stays, as does what cannot be removed.
void removeReports(const std::filesystem::path& directory);

// Writes results.json, results.ktap, results.xml and failures.txt of the only tree; of several
// those of each into the directory of its title, a tree without a kernel too, and beside these
// matrix.txt, the table, and matrix.json. Each at once; other files there are left alone. Throws
// Failure (environment) when the directory can't be written.
void writeReports(const Results& results, const std::filesystem::path& directory);

}  // namespace runner
