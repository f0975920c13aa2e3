// SPDX-License-Identifier: GPL-2.0-only
// SeriesKernel: a source with the series of one of our trees: the kernels of `on` and `off`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/image_build.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"

namespace runner {

// Where the series goes on, other than a release of its tree: source of the user's own.
struct OwnBase {
  std::string name;                // in the cache
  std::filesystem::path named;     // by the user
  std::filesystem::path pristine;  // its copy; nothing writes to it
};

class SeriesKernel {
 public:
  // own: empty for a release of the tree.
  SeriesKernel(const KernelRequest& request, Tree tree, const Cache& cache, Progress& progress,
               std::optional<OwnBase> own = {});

  // The kernel from the cache. quiet: without a note if its entry is damaged.
  std::optional<Kernel> cached(const Source& source, bool quiet = false) const;
  // The source with the series; notes how it applied to source of the user's own. The caller holds
  // the tree's lock. Throws what patchedSource() throws.
  std::filesystem::path patched(const Source& source) const;
  // The kernel, built. The caller holds the tree's lock. Throws what patched() and buildKernel()
  // throw.
  Kernel build(const Source& source) const;

 private:
  PatchedTree patched(const Source& source, const Series& series) const;
  const ImageBuild& image() const;
  Kernel judged(KernelIdentity identity) const;
  std::string description() const;
  std::string drift(const KernelIdentity& kernel) const;
  std::string family(const std::string& label) const;
  std::string entryOf(const Source& source) const;

  const KernelRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  const Tree tree_;
  const Series series_;
  const std::optional<OwnBase> own_;
  mutable std::optional<ImageBuild> image_;  // not for a source alone, which needs no compiler
};

}  // namespace runner
