// SPDX-License-Identifier: GPL-2.0
// A git work tree made of a release: for whoever has none of the kernel's.
#pragma once

#include <filesystem>

#include "runner/base/progress.h"
#include "runner/kernels/source.h"
#include "series/export/git_tree.h"

namespace runner {

// Unpacks all of the source into `folder`, which is made, and commits it, as nobody, with a tag
// such as v7.3.4. Throws Failure (environment) for a damaged tarball, a full disk, or what git
// says. The caller holds the lock of the source's tree.
GitTree makeReleaseTree(const Source& source, const std::filesystem::path& folder,
                        Progress& progress);

}  // namespace runner
