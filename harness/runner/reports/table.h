// SPDX-License-Identifier: GPL-2.0-only
// The table: a run for a human reader. The kernels, the grids, the failures, the summary.
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// For one tree, its requirements or cases; for several, the overall outcome of each, and each case
// on each. reports: the directory with the reports, or empty if readers do not have them; with
// several trees, it has a directory for each. No line except a command to copy is longer than
// style.width.
std::string table(const Results& results, const std::string& reports, const Style& style);

// The table as a file: plain text, with the version and the date on the first line. Its readers do
// not have the reports, so it does not name their directory.
std::string tableText(const Results& results, std::time_t made);

// Checks before a long run that the table can be written to this file. Throws Failure: usage if its
// directory does not exist or it is itself a directory, environment if the directory is not
// writable.
void checkTableFile(const std::filesystem::path& file);

// Prints the table of a run whose reports are in `reports` and, unless `file` is empty, writes it
// to that file atomically. Throws Failure (environment) if it cannot be written.
void showTable(const Results& results, const std::filesystem::path& reports,
               const std::filesystem::path& file);

}  // namespace runner
