// SPDX-License-Identifier: GPL-2.0-only
// MutantKernels: everything that makes images of mutants of one kernel, within seconds each.
#pragma once

#include <filesystem>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/series.h"
#include "runner/kernels/trees.h"
#include "runner/mutants/mutant_build.h"
#include "runner/mutants/mutant_source.h"

namespace runner {

// What tells kernels of one tree apart: "-debug", "-smp".
std::string variantOf(const KernelRequest& request);

class MutantKernels {
 public:
  // request: for a kernel of that tree with its series, which `kernel` is. Source and build
  // directory stay in the cache for the next time, and are locked as long as this lives. Throws
  // what MutantSource() and MutantBuild() throw.
  MutantKernels(const KernelRequest& request, const Kernel& kernel, const Tree& tree,
                const Series& series, const Cache& cache, Progress& progress);

  const MutantSource& source() const { return source_; }
  const MutantBuild& build() const { return build_; }

 private:
  const std::filesystem::path directory_;
  const CacheLock held_;
  const MutantSource source_;
  const MutantBuild build_;
};

}  // namespace runner
