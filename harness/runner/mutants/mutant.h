// SPDX-License-Identifier: GPL-2.0-only
// Mutant: a wrong patch on top of a series, which the cases of the requirement that it breaks must
// catch.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runner/kernels/trees.h"
#include "runner/results/results.h"

namespace runner {

struct Mutant {
  std::string name;  // its file name up to '@': "a8-sample-in-ovl-open-only"
  std::filesystem::path patch;
  // The headers above the diff: "Requirement: A8" and so on.
  std::vector<std::string> requirements;  // those that it breaks, the main one first
  std::string mistake;                    // the mistake that it represents, one sentence
  std::vector<std::string> filesystems;   // empty: any
  bool needs_debug = false;               // shows only on a debug kernel
  // Verdicts that count as caught besides failed cases: splat, panic, timeout.
  std::vector<Verdict> kills;
  std::string misfit;  // why it does not apply to the selected tree; empty: it does
};

// Whether a release, "6.1", is in a range: "5.11-6.12", "-6.1", "6.13-"; both ends are included.
// Throws std::invalid_argument if it is not a range.
bool isInReleases(std::string_view range, std::string_view release);

// The mutants of a directory for a tree, in the order of the requirements. Files with the same name
// up to '@' are one mutant for different releases. It is a misfit if no file is for the tree's
// release or if the tree lacks its series. Throws Failure (usage), naming the file, if the diff is
// missing, if a header is missing, unknown or has a wrong value, and if two files are for one
// release.
std::vector<Mutant> readMutants(const std::filesystem::path& directory, const Tree& tree);

// The mutants that a filter matches: words separated by ':', each a pattern of names ("a8-*"), a
// requirement ("A8") or a part of a name ("tmpfile"); empty matches all. Throws Failure (usage) if
// it matches none.
std::vector<Mutant> chosenMutants(const std::vector<Mutant>& mutants, std::string_view filter);

}  // namespace runner
