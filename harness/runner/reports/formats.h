// SPDX-License-Identifier: GPL-2.0
// The formats of reports, each in a file of its own. files.cc says which files they go into.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// JSON: everything that a run found out, and exactly what was judged. Invalid UTF-8 of a guest is
// replaced.
std::string json(const Results& results, const TreeResults& tree);

// matrix.json: several trees side by side. "trees" has one object for each tree, "cases" one for
// each case, tree, filesystem and subject: "off", "on" and "proof" are null where that side was not
// judged. A kernel of the user's own has its verdict in "on".
std::string matrixJson(const Results& results);

// KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel has it: one nested test for
// each machine. Expected failures are "ok ... # XFAIL", as kselftest prints them; a timeout carries
// TIMEOUT, and a panic, a splat, a lost machine and an error of ours carry ERROR with the verdict's
// own name in front of the reason. An unexpected pass, for which KTAP 1 has no directive, is "not
// ok" below a diagnostic line. With two kernels, a failure that the series is there to mend is "ok
// ... # XFAIL without the series".
std::string ktap(const Results& results, const TreeResults& tree);

// JUnit XML, as the usual forges read it: one testsuite for each machine. fail and xpass are
// <failure>; timeout, panic, splat, lost and error are <error> with the verdict as type; skip and
// xfail are <skipped>. What befell a machine outside of its cases is a testcase named "machine".
// With two kernels, suite and class names say the side, and a failure that the series is there to
// mend is <skipped>.
std::string junit(const Results& results, const TreeResults& tree);

// What each object of a list in one of these files has as `key` ("" when it has no such text);
// nothing for a file that is none of ours.
std::optional<std::vector<std::string>> namesIn(const std::filesystem::path& report,
                                                const char* list, const char* key);

}  // namespace runner
