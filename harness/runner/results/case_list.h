// SPDX-License-Identifier: GPL-2.0-only
// The list of cases that the guest program reports.
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
  std::vector<std::string> subjects;  // those that it runs on: "plain", "overlay", "volatile"
  std::string group = "quick";        // or "long": many repetitions
  std::vector<std::string> filesystems = {};  // that it is for; empty: all
};

// Before it has run.
using PlannedCase = CaseId;

// Parses the output of `guest --list`. Throws std::runtime_error if it is not such a list.
std::vector<ListedCase> parseCaseList(std::string_view text);
// Runs `guest --list`, which needs no root. Throws Failure (environment) if the program is missing
// or prints no list.
std::vector<ListedCase> listCases(const std::filesystem::path& guest,
                                  const std::string& exploration = "");

// For each filesystem that can be made here, the command for it, to which the file is appended.
using MkfsCommands = std::map<std::string, std::vector<std::string>>;

// The output of `list --json`: cases, requirements, subjects, filesystems, mkfs commands, quirks,
// trees, and for each series the requirements that it proves and guards and its trees.
std::string caseListJson(const std::vector<ListedCase>& cases, const Trees& trees,
                         const MkfsCommands& mkfs);

// Requirement ids and their texts.
std::map<std::string, std::string> requirementsOf(const std::vector<ListedCase>& cases);

// Whether a run of this group ("quick", "long", "all") includes the case.
bool isInGroup(const ListedCase& listed, const std::string& group);

// The cases that will run on one filesystem, in the guest's order. patterns: see filter.h; empty:
// all cases of the group.
std::vector<PlannedCase> planCases(const std::vector<ListedCase>& cases,
                                   const std::string& filesystem,
                                   const std::vector<std::string>& patterns,
                                   const std::string& group = "quick");

}  // namespace runner
