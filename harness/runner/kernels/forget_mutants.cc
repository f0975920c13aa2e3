// SPDX-License-Identifier: GPL-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "architectures/registry.h"
#include "runner/base/disk_space.h"
#include "runner/kernels/image_cache.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/series.h"
#include "runner/kernels/trees.h"

namespace runner {

void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                   const Cache& cache) {
  const Trees trees = loadTrees(request.project);
  const Tree* found = trees.find(request.tree);
  if (found == nullptr) return;
  Tree tree = *found;
  tree.keepSeries(request.with);
  // What may stand behind a mutant's name: no name is taken for the beginning of another.
  std::vector<std::string> labels = {"-debug-", "-smp-"};
  for (const auto* each : architectures::all()) labels.push_back('-' + each->cache_name + '-');
  const auto belongs = [&](std::string_view rest, const std::string& name) {
    return std::ranges::any_of(
        labels, [&](const std::string& label) { return rest.starts_with(name + label); });
  };
  const std::string beginning =
      fmt::format("{}-{}{}", tree.name, readSeries(tree.series).label(), kMutantMark);
  try {
    ImageCache(cache).removeUnless(beginning, [&](std::string_view rest) {
      return std::ranges::any_of(names,
                                 [&](const std::string& name) { return belongs(rest, name); });
    });
  } catch (const std::filesystem::filesystem_error& error) {
    throw writeFailure(error);
  }
}

}  // namespace runner
