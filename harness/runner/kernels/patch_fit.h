// SPDX-License-Identifier: GPL-2.0-only
// PatchFit: how the hunks of a patch fit a tree other than the one it was made on.
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
  clean,    // all context matches, perhaps at another line
  fuzz,     // the outermost lines of context differ: needs a review
  conflict  // it does not fit
};

// "clean", "fuzz", "conflict".
std::string_view nameOf(Fit fit);

struct HunkFit {
  std::string file;
  int number = 0;  // in its file, from 1
  int line = 0;    // where it applies, or should apply
  int moved = 0;   // lines down; negative: up
  int fuzz = 0;    // outermost lines of context that were ignored
  Fit fit = Fit::clean;
  bool ignored = false;       // a conflict because of a problem of the whole file
  bool line_endings = false;  // a conflict only because lines end in CR LF on one side

  // "fs/sync.c: hunk 1 at line 160, 3 lines up"
  std::string description() const;
};

struct PatchFit {
  std::filesystem::path patch;
  std::vector<HunkFit> hunks;
  // Why whole files of it cannot be patched: a missing file, a symbolic link, a change that is
  // already there; or why the patch cannot be read. Empty: only its hunks decide.
  std::vector<std::string> problems;
  std::string rejects;  // the first lines of the hunks that conflict

  Fit worst() const;
  // The problems, then one line for each other hunk that is not clean.
  std::vector<std::string> complaints() const;
  // Why it does not apply: the complaints, and the text of what conflicts.
  std::string refusal() const;
};

// Determines how a patch fits; changes nothing. Throws Failure (environment) for a full disk or a
// missing tool.
PatchFit fitOf(const std::filesystem::path& patch, const std::filesystem::path& tree);

// Takes a patch back from a tree that has it, perhaps at other lines or with fuzz. False: the tree
// does not have it, or not all of it; it is as it was. Throws Failure (environment) as above.
bool revertPatch(const std::filesystem::path& patch, const std::filesystem::path& tree);

// Applies a patch in the way that fitOf() found. Throws Failure: build, with everything that
// fitOf() found, if it conflicts; environment as above.
void applyPatch(const PatchFit& fit, const std::filesystem::path& tree);

// The same, except that of a patch that conflicts, those hunks are applied that fit. Throws Failure
// (environment) as above.
void applyWhatFits(const PatchFit& fit, const std::filesystem::path& tree);

// The files that the patches change, create, remove or rename.
std::set<std::string> touchedFiles(const std::vector<std::filesystem::path>& patches);

}  // namespace runner
