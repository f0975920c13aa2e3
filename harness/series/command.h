// SPDX-License-Identifier: GPL-2.0-only
// `ovl-syncfs series` and its commands.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/command_line.h"
#include "runner/kernels/trees.h"

namespace runner {

struct SeriesOptions {
  std::string trees;  // as typed; empty: all for check, none for export
  std::string with;   // as typed; empty: all series of each tree
  std::string only;   // for check: the checks, as typed; empty: all
  // For export: the destination: debian/patches of a source package, a git tree (or a temporary
  // one), and a directory for mails.
  std::filesystem::path debian, git, to;
  std::filesystem::path directory;  // for tree: the directory to create
  std::string base;                 // the commit in the git tree; empty: HEAD
};

CommandLine seriesCommandLine();

// Checks how the series apply to the newest release of each tree, and each of their patches.
Command<SeriesOptions> checkCommand();
// Writes a series for a mailing list or a package.
Command<SeriesOptions> exportCommand();
// Creates a git tree of a release.
Command<SeriesOptions> treeCommand();

void addSeriesNames(CLI::App& command, SeriesOptions& options);
// The requested trees, each with its requested series, and each requested test as a tree of its
// own. check: with the series that they build on, and all trees if none is named. Throws Failure
// (usage) for an unknown name.
std::vector<Tree> chosenTrees(const SeriesOptions& options, const Project& project, bool check);

}  // namespace runner
