// SPDX-License-Identifier: GPL-2.0-only
// SeriesKernel: a source with the series of one of our trees: the kernels of `on` and `off`.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/image_build.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/series.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"

namespace runner {

// The series that a request wants of a tree, which keepSeries() has narrowed; none for `off`.
Series seriesOf(const Tree& tree, const KernelRequest& request);

class SeriesKernel {
 public:
  SeriesKernel(const KernelRequest& request, Tree tree, const Cache& cache, Progress& progress);

  // The kernel from the cache. quiet: without a note if its entry is damaged.
  std::optional<Kernel> cached(const Source& source, bool quiet = false) const;
  // The kernel, built. The caller holds the tree's lock. Throws what patchedSource() and
  // buildKernel() throw.
  Kernel build(const Source& source) const;

 private:
  Kernel judged(KernelIdentity identity) const;
  std::string family(const std::string& label) const;
  std::string entryOf(const Source& source) const;

  const KernelRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  const Tree tree_;
  const Series series_;
  const ImageBuild image_;
};

}  // namespace runner
