// SPDX-License-Identifier: GPL-2.0
// PatchFit: how the hunks of a patch fit a tree that is not quite the one that it was made on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// Best first.
enum class Fit {
  clean,    // each line of context is there, perhaps further up or down
  fuzz,     // not the outermost lines of context: somebody has to look at it
  conflict  // it does not fit
};

// "clean", "fuzz", "conflict".
std::string_view nameOf(Fit fit);

struct HunkFit {
  std::string file;
  int number = 0;  // in its file, from 1
  int line = 0;    // where it goes, or was to go
  int moved = 0;   // so many lines down; negative: up
  int fuzz = 0;    // so many outermost lines of context were ignored
  Fit fit = Fit::clean;

  // "fs/sync.c: hunk 1 at line 160, 3 lines up"
  std::string description() const;
};

struct PatchFit {
  std::filesystem::path patch;
  std::vector<HunkFit> hunks;
  // What keeps the patch as a whole from being applied: a file that is not there, a patch that is
  // damaged, or applied already. Empty: nothing but its hunks.
  std::string problem;
  std::string rejects;  // the text of the hunks that conflict, at most some lines of it

  Fit worst() const;
  // One line for each hunk that is not clean, or the problem.
  std::vector<std::string> complaints() const;
};

// Finds out how a patch fits and changes nothing. Throws Failure (environment) for a full disk or a
// missing tool.
PatchFit fitOf(const std::filesystem::path& patch, const std::filesystem::path& tree);

// Applies a patch as fitOf() found that it fits. Throws Failure: build, with everything that
// fitOf() found, if it conflicts; environment as above.
void applyPatch(const PatchFit& fit, const std::filesystem::path& tree);

// The files that the patches change, make, remove or rename.
std::set<std::string> touchedFiles(const std::vector<std::filesystem::path>& patches);

}  // namespace runner
