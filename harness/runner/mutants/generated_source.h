// SPDX-License-Identifier: GPL-2.0-only
// GeneratedSource: the source that generated mutants are made in: a copy of a tree's source with
// its series, in which one file at a time is wrong.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/series.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/generate.h"

namespace runner {

// What the series of a tree changes. A run that builds the tree holds its lock for minutes, so the
// lock is not taken if the cache has the source; otherwise while it is downloaded. Throws Failure
// (environment) if there is none, Failure (build) for a patch that does not apply.
std::vector<PatchedFile> patchedFilesOf(const Tree& tree, const Series& series, const Cache& cache,
                                        Progress& progress);

// Makes `copy` a copy of a patched source: hard links, except for files that differed from it, as
// one that a killed run has left wrong. Throws Failure (environment) for a full disk.
void copyPatchedSource(const std::filesystem::path& patched, const std::filesystem::path& copy);

class GeneratedSource {
 public:
  // directory: where the copy is kept; nobody else may use it. key: of what the kernel is made
  // from; as long as it is the same, and no run was killed, the copy of an earlier run is used.
  // Locks the tree while it makes a new one. Throws what patchedSource() throws.
  GeneratedSource(const Tree& tree, const Series& series, const std::filesystem::path& directory,
                  std::string key, const Cache& cache, Progress& progress);
  GeneratedSource(const GeneratedSource&) = delete;
  GeneratedSource& operator=(const GeneratedSource&) = delete;
  ~GeneratedSource();

  const std::filesystem::path& path() const { return path_; }
  const std::vector<PatchedFile>& files() const { return files_; }

 private:
  const std::filesystem::path path_, mark_;
  const std::string key_;
  std::vector<PatchedFile> files_;
};

}  // namespace runner
