// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "runner/base/cache.h"
#include "runner/kernels/unpack.h"

namespace runner {

namespace {

// "a-syncfs/0001-fs-sync-advance"
std::string shortName(const std::filesystem::path& patch) {
  return (patch.parent_path().filename() / patch.stem()).string();
}

std::vector<std::string> described(const std::vector<PatchFit>& patches,
                                   const std::function<bool(const HunkFit&)>& wanted) {
  std::vector<std::string> lines;
  for (const PatchFit& patch : patches) {
    for (const HunkFit& hunk : patch.hunks) {
      if (!wanted(hunk)) continue;
      lines.push_back(fmt::format("{}: {}", shortName(patch.patch), hunk.description()));
    }
  }
  return lines;
}

}  // namespace

std::size_t SeriesFit::hunks() const {
  std::size_t sum = 0;
  for (const PatchFit& patch : patches) sum += patch.hunks.size();
  return sum;
}

std::size_t SeriesFit::count(Fit fit) const {
  std::size_t sum = 0;
  for (const PatchFit& patch : patches) {
    const auto those = std::ranges::count(patch.hunks, fit, &HunkFit::fit);
    const bool other = fit == Fit::conflict && those == 0 && !patch.problems.empty();
    sum += static_cast<std::size_t>(those) + (other ? 1 : 0);
  }
  return sum;
}

std::vector<std::string> SeriesFit::fuzzy() const {
  return described(patches, [](const HunkFit& hunk) { return hunk.fit == Fit::fuzz; });
}

std::vector<std::string> SeriesFit::moved() const {
  return described(patches,
                   [](const HunkFit& hunk) { return hunk.fit == Fit::clean && hunk.moved != 0; });
}

std::string SeriesFit::refusal() const {
  std::string text;
  std::size_t count = 0;
  for (const PatchFit& patch : patches) {
    if (patch.worst() != Fit::conflict) continue;
    text += (count++ == 0 ? "" : "\n") + patch.refusal();
  }
  if (count > 1) text += "\nA conflict may only follow from one in a patch before it.";
  return text;
}

std::vector<std::filesystem::path> patchesIn(const std::filesystem::path& tree,
                                             const Series& series, Progress& progress) {
  const TemporaryDirectory scratch(tree.parent_path());
  const std::filesystem::path copy = scratch.path() / "tree";
  std::filesystem::create_directory(copy);
  takeFilesFrom(tree, touchedFiles(series.patches), copy, progress);
  std::vector<std::filesystem::path> found;
  for (auto patch = series.patches.rbegin(); patch != series.patches.rend(); ++patch) {
    if (revertPatch(*patch, copy)) found.insert(found.begin(), *patch);
  }
  return found;
}

SeriesFit applySeries(const Series& series, const std::filesystem::path& tree, Progress& progress) {
  SeriesFit all;
  for (const std::filesystem::path& patch : series.patches) {
    progress.advance(
        static_cast<double>(all.patches.size()) / static_cast<double>(series.patches.size()),
        patch.filename().string());
    all.patches.push_back(fitOf(patch, tree));
    applyWhatFits(all.patches.back(), tree);
  }
  return all;
}

}  // namespace runner
