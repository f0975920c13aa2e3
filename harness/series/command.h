// SPDX-License-Identifier: GPL-2.0
// `ovl-syncfs series` and its commands.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/kernels/trees.h"

namespace runner {

struct SeriesOptions {
  std::string trees;  // as typed; empty: of check all, of export none
  std::string with;   // as typed; empty: all series of each
  std::string only;   // of check: the checks, as typed; empty: all
  // Of export: where the series goes, to debian/patches of a source package, or to a git tree (or
  // one that is made for it) and to mails in a directory.
  std::filesystem::path debian, git, to;
  std::filesystem::path directory;  // of tree: where it is made
  std::string base;                 // the commit in the git tree; empty: what is checked out
};

CommandLine seriesCommandLine();

// Checks how the series apply to the newest release of each tree, and each of their patches.
Command<SeriesOptions> checkCommand();
// Writes a series for a mailing list or a package.
Command<SeriesOptions> exportCommand();
// Makes a git tree of a release.
Command<SeriesOptions> treeCommand();

void addSeriesNames(CLI::App& command, SeriesOptions& options);
// The trees that were asked for, each with those of its series, and each of its tests as a tree of
// its own. check: with the series that they go on top of, and all trees where none is named. Throws
// Failure (usage) for a name that there is not.
std::vector<Tree> chosenTrees(const SeriesOptions& options, const Project& project, bool check);

}  // namespace runner
