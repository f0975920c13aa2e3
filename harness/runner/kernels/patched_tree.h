// SPDX-License-Identifier: GPL-2.0
// The source of a kernel as it is built: out of its tarball, and with a series applied.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/series.h"
#include "runner/kernels/source.h"

namespace runner {

// Where the tarball of a source is, and what is unpacked from it.
std::filesystem::path sourceDirectory(const std::string& tree, const Source& source,
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

// The source of a kernel with a series applied, as make can build it again and again.
struct PatchedTree {
  std::filesystem::path path;
  std::vector<std::string> fuzzy;  // hunks that were applied with fuzz, one in a line
};

// A copy of `pristine` beside it with the series applied: hard links, but for the files that
// patches change, so `pristine` stays as it is. The directory's name hangs on the series' label()
// alone, and what is there is made into what is wanted. A file whose content then is as it was
// before keeps its time; any other gets a new one, also when it goes back to what it was upstream:
// make compiles what changed, and nothing else. Throws Failure (build) that names a patch that
// doesn't apply, with each hunk that does not fit and its text. The caller holds the tree's lock.
PatchedTree patchedTree(const std::filesystem::path& pristine, const Series& series,
                        Progress& progress);

// The unpacked source of a tree with the series applied; without a series that is the pristine one.
// Throws as unpackedSource() and patchedTree() do.
PatchedTree patchedSource(const std::string& tree, const Source& source, const Series& series,
                          const Cache& cache, Progress& progress);

}  // namespace runner
