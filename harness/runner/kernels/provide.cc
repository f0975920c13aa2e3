// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/image_cache.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/provide_own.h"
#include "runner/kernels/series.h"
#include "runner/kernels/series_kernel.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// The tree of ours that is asked for, with the series that are.
Tree wantedTree(const KernelRequest& request, const Trees& trees) {
  const Tree* found = trees.find(request.tree);
  if (found == nullptr) {
    throw Failure(ExitStatus::usage,
                  "there is no tree \"{}\". Known trees: {}; or give the path of a kernel or "
                  "its source",
                  request.tree, trees.names());
  }
  Tree tree = *found;
  tree.keepSeries(request.with);
  return tree;
}

// With a warm cache this returns before the lock, after reading some small files and one stat().
Kernel ofTree(const KernelRequest& request, const Tree& tree, const Cache& cache,
              Progress& progress) {
  const SeriesKernel kernel(request, tree, cache, progress);
  if (const auto source = rememberedSource(tree, cache)) {
    if (auto found = kernel.cached(*source, true)) return std::move(*found);
  }
  const CacheLock held = lockTree(tree.name, cache, progress);
  const Source source = availableSource(tree, cache, progress);
  if (auto found = kernel.cached(source)) return std::move(*found);
  return kernel.build(source);
}

// Leaves out what only drafts are for, of which none is asked for: nobody expects it of a kernel
// yet.
Kernel withoutDrafts(Kernel kernel, const KernelRequest& request, const Trees& trees) {
  kernel.left_out.clear();
  for (const Tree& tree : trees.all) {
    for (const auto& [draft, proved] : tree.of_drafts) {
      if (std::ranges::count(request.with, draft) != 0) continue;
      kernel.left_out.insert(kernel.left_out.end(), proved.begin(), proved.end());
    }
  }
  return kernel;
}

template <typename Work>
auto withFailures(const Work& work) {
  try {
    return work();
  } catch (const fs::filesystem_error& error) {
    throw writeFailure(error);
  } catch (const sys::SetupError& error) {
    throw Failure(ExitStatus::environment, error.what());
  }
}

}  // namespace

void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                   const Cache& cache) {
  const Trees trees = loadTrees(request.project);
  if (trees.find(request.tree) == nullptr) return;
  Tree tree = trees.named(request.tree);
  tree.keepSeries(request.with);
  const std::string family = tree.name + '-' + readSeries(tree.series).label();
  withFailures([&] { ImageCache(cache).forgetMutants(family + std::string(kMutantMark), names); });
}

Kernel provideKernel(const KernelRequest& request, const Cache& cache, Progress& progress) {
  return withFailures([&] {
    const Trees trees = loadTrees(request.project);
    if (!request.apply.empty()) {
      return withoutDrafts(provideAppliedKernel(request, trees, cache, progress), request, trees);
    }
    if (trees.find(request.tree) == nullptr && isOwnKernel(request.tree)) {
      return withoutDrafts(provideOwnKernel(request, trees, cache, progress), request, trees);
    }
    return ofTree(request, wantedTree(request, trees), cache, progress);
  });
}

fs::path provideSource(const KernelRequest& request, const Cache& cache, Progress& progress) {
  return withFailures([&] {
    const Trees trees = loadTrees(request.project);
    if (!request.apply.empty()) return provideAppliedSource(request, trees, cache, progress);
    if (trees.find(request.tree) == nullptr && isOwnKernel(request.tree)) {
      throw Failure(ExitStatus::usage,
                    "--source is for source that is unpacked or patched, but {} is {}: name one of "
                    "our trees, or source of your own with --apply",
                    request.tree, recogniseKernel(request.tree).kindInWords());
    }
    const Tree tree = wantedTree(request, trees);
    const CacheLock held = lockTree(tree.name, cache, progress);
    const Source source = availableSource(tree, cache, progress);
    return SeriesKernel(request, tree, cache, progress).patched(source);
  });
}

}  // namespace runner
