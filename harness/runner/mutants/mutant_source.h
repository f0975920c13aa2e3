// SPDX-License-Identifier: GPL-2.0-only
// MutantSource: the source that mutants are made in: a copy of a tree's source with its series, in
// which the files of one mutant at a time are wrong.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/patch_fit.h"
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

// The text of files that a mutant changes, by name: "fs/sync.c".
using ChangedFiles = std::map<std::string, std::string>;

class MutantSource {
 public:
  // directory: where the copy is kept; nobody else may use it. key: of what the kernel is made
  // from; as long as it is the same, and no run was killed, the copy of an earlier run is used.
  // Locks the tree while it makes a new one. Throws what patchedSource() throws.
  MutantSource(const Tree& tree, const Series& series, const std::filesystem::path& directory,
               std::string key, const Cache& cache, Progress& progress);
  MutantSource(const MutantSource&) = delete;
  MutantSource& operator=(const MutantSource&) = delete;
  ~MutantSource();

  const std::filesystem::path& path() const { return path_; }
  // What a patch makes of the files that it changes; they stay as they are. Throws Failure (build)
  // if it conflicts, environment for a full disk.
  ChangedFiles changedBy(const PatchFit& patch, const Cache& cache, Progress& progress) const;
  const std::vector<PatchedFile>& files() const { return files_; }

 private:
  const std::filesystem::path path_, mark_;
  const std::string key_;
  std::vector<PatchedFile> files_;
};

}  // namespace runner
