// SPDX-License-Identifier: GPL-2.0-only
// The kernel source that is built: unpacked from its tarball, with a series applied.
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

// The directory of a source's tarball and of what is unpacked from it.
std::filesystem::path sourceDirectory(const std::string& tree, const Source& source,
                                      const Cache& cache);

// Extracts those of the files that the source has into `into`. Throws Failure (environment) for a
// damaged tarball or a full disk. The caller holds the tree's lock.
void takeFiles(const std::set<std::string>& files, const std::string& tree, const Source& source,
               const Cache& cache, const std::filesystem::path& into, Progress& progress);

// The unpacked source. It is unpacked if it is missing, or lacks what a known architecture needs:
// then the patched trees beside it are removed too. Nothing may write to it. Other releases of the
// same tree are removed from the cache. The caller holds the tree's lock.
std::filesystem::path unpackedSource(const std::string& tree, const Source& source,
                                     const Cache& cache, Progress& progress);

// The source of a kernel with a series applied, kept so that make can build it incrementally.
struct PatchedTree {
  std::filesystem::path path;
  // Hunks that applied with fuzz, and those that fit at another line; one per line of text.
  std::vector<std::string> fuzzy, moved;
};

// A copy of `pristine` beside it with the series applied: hard links, except for the files that
// patches change, so `pristine` stays as it is. The directory's name depends only on the series'
// label(), and an existing directory is converted to the wanted series. A file whose content does
// not change keeps its time; any other gets a new one, even if it returns to upstream's content:
// make compiles exactly what changed. Throws Failure (build) that names a patch that does not
// apply, with each hunk that does not fit and its text, of all patches. The caller holds the tree's
// lock.
PatchedTree patchedTree(const std::filesystem::path& pristine, const Series& series,
                        Progress& progress);

// Updates the patched trees beside `pristine` after these of its files have been replaced, added or
// removed, so that patchedTree() and make take up just that. The caller holds the tree's lock.
void followPristine(const std::filesystem::path& pristine, const std::set<std::string>& changed);

// The unpacked source of a tree with the series applied; without a series that is the pristine one.
// Throws as unpackedSource() and patchedTree() do.
PatchedTree patchedSource(const std::string& tree, const Source& source, const Series& series,
                          const Cache& cache, Progress& progress);

}  // namespace runner
