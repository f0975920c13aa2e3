// SPDX-License-Identifier: GPL-2.0
// The reports as files in one folder.
#pragma once

#include <filesystem>
#include <string>

#include "runner/results.h"

namespace runner {

// Where a machine's console goes below the folder: "console-ext4-on.log".
std::string consoleLogName(const std::string& filesystem, bool own_kernel, bool series_on);

// Writes results.json, results.ktap, results.xml and failures.txt, each at once. Other files there
// are left alone. Throws Failure (environment) when the folder can't be written.
void writeReports(const RunResults& results, const std::filesystem::path& folder);

}  // namespace runner
