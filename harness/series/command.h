// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "runner/base/command_line.h"
#include "series/options.h"

namespace runner {

// `ovl-syncfs series`, with its commands.
CommandLine seriesCommandLine();

// Checks how the series apply to the newest release of each tree, and each of their patches.
Command<SeriesOptions> checkCommand();
// Writes a series for a mailing list or a package.
Command<SeriesOptions> exportCommand();
// Makes a git tree of a release.
Command<SeriesOptions> treeCommand();

}  // namespace runner
