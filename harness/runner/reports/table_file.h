// SPDX-License-Identifier: GPL-2.0
// A table as a file: plain text, with a first line that says what made it and when.
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "runner/results/results.h"

namespace runner {

// What the file holds. Whoever reads it does not have the reports, so their folder is not named.
std::string tableText(const RunResults& results, std::time_t made);
std::string tableText(const MatrixResults& matrix, std::time_t made);

// Says before a long run that the file cannot be written after it: throws Failure, usage when its
// folder does not exist or it is a folder itself, environment when the folder is not writable.
void checkTableFile(const std::filesystem::path& file);

// All of it or nothing. Throws Failure (environment) when it cannot be written.
void writeTableFile(const std::filesystem::path& file, const std::string& text);

}  // namespace runner
