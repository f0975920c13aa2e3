// SPDX-License-Identifier: GPL-2.0-only
// A series as the patches of a Debian source package (DEP-3).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/kernels/series.h"

namespace runner {

// A stored patch with the header that DEP-3 asks for instead of a mail's: Subject, Origin,
// Forwarded, Last-Update. Its note to those who send it to stable is left out. origin: "other,
// ...". Throws Failure (build) for a patch without a subject or a diff.
std::string asDep3(const std::string& patch, const std::string& origin,
                   std::chrono::year_month_day date);

// Writes the series into debian/patches of a source package: the patches into bugfix/all/ovl-syncfs
// there, which is replaced, and their names to the end of the file `series`. Both are created if
// missing; other lines of `series` stay as they are. Returns the names. Throws Failure: usage if it
// is not a directory of patches, environment if it cannot be written.
std::vector<std::string> exportToDebian(const Series& series, const std::string& tree,
                                        const std::filesystem::path& directory,
                                        std::chrono::year_month_day date);

}  // namespace runner
