// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/nearest_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <tuple>
#include <vector>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/archive.h"
#include "runner/kernels/makefile_release.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/series.h"
#include "runner/kernels/series_fit.h"
#include "runner/kernels/unpack.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

struct TriedTree {
  std::string name;
  std::size_t hunks = 0, conflicts = 0, fuzzy = 0;
  int apart = 0;  // releases

  auto rank() const { return std::tie(conflicts, fuzzy, apart); }
  std::string inWords() const {
    if (conflicts == 0 && fuzzy == 0) return fmt::format("all {} hunks fit", hunks);
    std::string text = fmt::format("{} of {} hunks fit", hunks - conflicts, hunks);
    if (fuzzy != 0) text += fmt::format(", {} of them with fuzz", fuzzy);
    return text;
  }
};

TriedTree tried(const Tree& tree, const std::string& release, const TakeFiles& take,
                const fs::path& scratch, Progress& progress) {
  const Series series = readSeries(tree.series);
  const TemporaryDirectory directory(scratch);
  const fs::path copy = directory.path() / "tree";
  fs::create_directory(copy);
  take(touchedFiles(series.patches), copy);
  const SeriesFit fit = applySeries(series, copy, progress);
  return {tree.name, fit.hunks(), fit.count(Fit::conflict), fit.count(Fit::fuzz),
          releasesApart(release, tree.version)};
}

}  // namespace

NearestTree nearestTree(const std::string& source, const Trees& trees, const TakeFiles& take,
                        const fs::path& scratch, Progress& progress) {
  std::string release;
  {
    const TemporaryDirectory directory(scratch);
    take({"Makefile"}, directory.path());
    release = releaseOfSource(directory.path(), source);
  }
  // Without "-rc3" or a vendor's suffix.
  const std::string_view plain = std::string_view(release).substr(0, release.find('-'));
  for (const Tree& tree : trees.all) {
    if (tree.distribution() || !belongsTo(plain, tree.version)) continue;
    return {tree.name, release, fmt::format("it is our tree of Linux {}", release)};
  }
  std::vector<TriedTree> all;
  progress.step(fmt::format("try which series fit Linux {}", release));
  for (const Tree& tree : trees.all) {
    if (!tree.distribution()) all.push_back(tried(tree, release, take, scratch, progress));
  }
  std::ranges::stable_sort(all, {}, &TriedTree::rank);
  std::string reason = fmt::format(
      "none of our trees is of Linux {}. The series of {} suit it "
      "best: {}",
      release, all.front().name, all.front().inWords());
  for (std::size_t i = 1; i < all.size(); ++i) {
    reason += fmt::format("{}{}: {}", i == 1 ? " (" : "; ", all[i].name, all[i].inWords());
  }
  if (all.size() > 1) reason += ')';
  return {all.front().name, release, reason};
}

NearestTree nearestTreeOf(const fs::path& named, const Trees& trees, const Cache& cache,
                          Progress& progress) {
  const OwnKernel own = recogniseSource(named);
  const TakeFiles take = [&](const std::set<std::string>& files, const fs::path& into) {
    takeFilesFrom(own.path, files, into, progress);
  };
  return nearestTree(own.path.string(), trees, take, cache.directory("source"), progress);
}

}  // namespace runner
