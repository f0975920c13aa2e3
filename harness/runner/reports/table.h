// SPDX-License-Identifier: GPL-2.0
// The table: a whole run for people. What was judged, the grids, the failures, the summary.
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "runner/base/style.h"
#include "runner/results/results.h"

namespace runner {

// Of one tree its requirements or cases; of several how each did as a whole, and what each case
// says on each. reports: the directory where the reports were written to, of several trees with one
// of its title for each; empty when its readers do not have them. No line but a command to copy is
// longer than style.width.
std::string table(const Results& results, const std::string& reports, const Style& style);

// The table as a file: plain text, with a first line that says what made it and when. Whoever reads
// it does not have the reports, so their directory is not named.
std::string tableText(const Results& results, std::time_t made);

// Says before a long run that the table cannot be written to this file after it: throws Failure,
// usage when its directory does not exist or it is a directory itself, environment when the
// directory is not writable.
void checkTableFile(const std::filesystem::path& file);

// Prints the table of a run with its reports in that directory and, unless its name is empty,
// writes the file: all of it or nothing. Throws Failure (environment) when it cannot be written.
void showTable(const Results& results, const std::filesystem::path& reports,
               const std::filesystem::path& file);

}  // namespace runner
