// SPDX-License-Identifier: GPL-2.0
// Mutant: a wrong patch on top of a series, which has to be caught by the cases of the requirement
// that it breaks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runner/kernels/trees.h"
#include "runner/results/results.h"

namespace runner {

struct Mutant {
  std::string name;  // of its file up to an '@': "a8-sample-in-ovl-open-only"
  std::filesystem::path patch;
  // What stands above the diff, "Requirement: A8" and so on.
  std::vector<std::string> requirements;  // that it breaks, the main one first
  std::string mistake;                    // that it stands for, one sentence
  std::vector<std::string> filesystems;   // empty: whichever is asked for
  bool needs_debug = false;               // only a kernel with checks of its own shows it
  // What befalls the machine and counts as caught, beside cases that fail: splat, panic, timeout.
  std::vector<Verdict> kills;
  std::string misfit;  // why it is not of the tree that was asked for; empty: it is
};

// Whether a release, "6.1", is in a range: "5.11-6.12", "-6.1", "6.13-"; both ends belong to it.
// Throws std::invalid_argument for what is no range.
bool isInReleases(std::string_view range, std::string_view release);

// The mutants of a directory as they are for a tree, in the order of the requirements. Files with
// one name are one mutant, made for different releases; where none is for those of the tree, or
// its series is not on it, the mutant has a misfit. Throws Failure (usage) with the file: without a
// diff, with a header that is missing, unknown or has no such value, and two for one release.
std::vector<Mutant> readMutants(const std::filesystem::path& directory, const Tree& tree);

// Those that a filter means: words separated by ':', each a pattern of names ("a8-*"), a
// requirement ("A8") or a part of a name ("tmpfile"); empty means all. Throws Failure (usage) when
// that is none.
std::vector<Mutant> chosenMutants(const std::vector<Mutant>& mutants, std::string_view filter);

}  // namespace runner
