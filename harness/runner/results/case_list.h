// SPDX-License-Identifier: GPL-2.0
// The case list: what the guest program can run, as it says itself.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/kernels/trees.h"
#include "runner/results/results.h"

namespace runner {

struct ListedCase {
  std::string name;                   // "A2.EveryOpenFdReportsOnce"
  std::string requirement;            // "A2"
  std::string text;                   // the requirement in words
  std::vector<std::string> subjects;  // "plain", "overlay", "volatile": those that it runs on
  std::string group = "quick";        // or "long": many repetitions
};

// Before it has run.
using PlannedCase = CaseId;

// Reads what `guest --list` prints. Throws std::runtime_error when it is no such list.
std::vector<ListedCase> parseCaseList(std::string_view text);
// Runs `guest --list`, which needs no root. Throws Failure (environment) when the program is
// missing or doesn't answer.
std::vector<ListedCase> listCases(const std::filesystem::path& guest);

// What `list --json` prints: cases, requirements, subjects, filesystems with the mkfs program of
// each, quirks, trees, and for each series the requirements that it proves and guards and the trees
// that have it.
std::string caseListJson(const std::vector<ListedCase>& cases, const Trees& trees);

// Requirement ids with their words.
std::map<std::string, std::string> requirementsOf(const std::vector<ListedCase>& cases);

// Whether a run of this group ("quick", "long", "all") has the case in it.
bool isInGroup(const ListedCase& listed, const std::string& group);

// The cases that will run on one filesystem, in the guest's order; patterns: see filter.h, empty
// takes all of the group.
std::vector<PlannedCase> planCases(const std::vector<ListedCase>& cases,
                                   const std::string& filesystem,
                                   const std::vector<std::string>& patterns,
                                   const std::string& group = "quick");

}  // namespace runner
