// SPDX-License-Identifier: GPL-2.0-only
// The formats of reports. files.cc lists the files that they go into.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/results/results.h"

namespace runner {

// JSON: everything that a run found, and exactly which kernels it tested. Replaces invalid UTF-8
// from a guest.
std::string json(const Results& results, const TreeResults& tree);

// matrix.json: several trees side by side. "trees" has one object for each tree, "cases" one for
// each case, tree, filesystem and subject: "off", "on" and "proof" are null for a side that was not
// tested. The verdict of the user's own kernel is in "on".
std::string matrixJson(const Results& results);

// KTAP version 1, as in the kernel's Documentation/dev-tools/ktap.rst: one nested test for each
// machine. Expected failures are "ok ... # XFAIL", as kselftest prints them; a timeout has the
// directive TIMEOUT; a panic, a splat, a lost machine and an error of the suite have ERROR with the
// verdict's name before the reason. KTAP 1 has no directive for an unexpected pass: it is "not ok"
// after a diagnostic line. With two kernels, an expected failure is "ok ... # XFAIL without the
// series".
std::string ktap(const Results& results, const TreeResults& tree);

// JUnit XML, as the usual forges read it: one testsuite for each machine. fail and xpass are
// <failure>; timeout, panic, splat, lost and error are <error> with the verdict as type; skip and
// xfail are <skipped>. A verdict of the machine itself is a testcase named "machine". With two
// kernels, suite and class names include the side, and an expected failure is <skipped>.
std::string junit(const Results& results, const TreeResults& tree);

// The member `key` of each object of a list in one of these files, "" if it is missing or not a
// string. Nothing if the file is not ours.
std::optional<std::vector<std::string>> namesIn(const std::filesystem::path& report,
                                                const char* list, const char* key);

}  // namespace runner
