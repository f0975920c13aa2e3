// SPDX-License-Identifier: GPL-2.0-only
// Whether the series of a tree apply to its newest release. Nothing is built.
#pragma once

#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/failure.h"
#include "runner/base/progress.h"
#include "runner/kernels/patch_fit.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"

namespace runner {

struct TreeFit {
  std::string tree;                      // "6.12.y"
  std::string series = {};               // "a-syncfs (3 patches)"
  std::string release = {}, base = {};   // the newest, and the one the series were made on
  std::vector<PatchFit> patches = {};    // in their order, up to the first that conflicts
  std::string failure = {};              // why it could not be checked: no archive, no source
  ExitStatus status = ExitStatus::pass;  // of that failure

  Fit worst() const;
};

// How the series of a tree fit that source. Throws Failure: build for an incomplete series,
// environment for a full disk or a damaged tarball. The caller holds the tree's lock.
TreeFit fitOfTree(const Tree& tree, const Source& source, const Cache& cache, Progress& progress);

// A table with a line for each tree, followed by each hunk that is not clean.
std::string fitTable(const std::vector<TreeFit>& fits);

// pass if all is clean, otherwise the worst: build for a conflict, the status of a tree that
// failed, fail for fuzz.
ExitStatus judge(const std::vector<TreeFit>& fits);

}  // namespace runner
