// SPDX-License-Identifier: GPL-2.0
// A source out of its tarball.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/source.h"

namespace runner {

// Where the tarball of a source is, and what is unpacked from it.
std::filesystem::path sourceFolder(const std::string& tree, const Source& source,
                                   const Cache& cache);

// Writes those files of the source that are in it into `into`. Throws Failure (environment) for a
// damaged tarball or a full disk. The caller holds the tree's lock.
void takeFiles(const std::set<std::string>& files, const std::string& tree, const Source& source,
               const Cache& cache, const std::filesystem::path& into, Progress& progress);

// The unpacked source, made if it is missing, or lacks what a known architecture needs: then the
// patched trees beside it are removed too. Nobody may write into it. Other releases of the same
// tree are removed from the cache. The caller holds the tree's lock.
std::filesystem::path unpackedSource(const std::string& tree, const Source& source,
                                     const Cache& cache, Progress& progress);

}  // namespace runner
