// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series_kernel.h"

#include <fmt/format.h>

#include <utility>

#include "runner/base/disk_space.h"
#include "runner/kernels/patched_tree.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// How the series applies to a release other than its base; empty for its base and without a series.
std::string driftInWords(const KernelIdentity& kernel) {
  if (kernel.fuzzy.empty() && (kernel.base.empty() || kernel.release == kernel.base)) return {};
  const std::string text = fmt::format("{} was made on Linux {} and applies to {}", kernel.series,
                                       kernel.base, kernel.release);
  if (kernel.fuzzy.empty()) return text + " cleanly";
  return fmt::format("{} with fuzz, so review the result:\n  {}", text,
                     fmt::join(kernel.fuzzy, "\n  "));
}

// A kernel without the series is built in the same directory as the one with it: they share the
// objects that the patches do not affect.
Series placeOf(const Series& series, const Tree& tree) {
  const bool off = series.patches.empty() && !tree.series.empty();
  return off ? firstPatches(readSeries(tree.series), 0) : series;
}

}  // namespace

Series seriesOf(const Tree& tree, const KernelRequest& request) {
  Series series;
  if (request.series_on) {
    series = readSeries(tree.series);
    series.base = baseOf(tree.patches);
    if (request.first_patches) series = firstPatches(std::move(series), *request.first_patches);
  }
  return request.mutant.empty() ? series : withMutant(std::move(series), request.mutant);
}

SeriesKernel::SeriesKernel(const KernelRequest& request, Tree tree, const Cache& cache,
                           Progress& progress)
    : request_(request),
      cache_(cache),
      progress_(progress),
      tree_(std::move(tree)),
      series_(seriesOf(tree_, request)),
      image_(request, tree_, cache, progress) {}

std::optional<Kernel> SeriesKernel::cached(const Source& source, bool quiet) const {
  const auto found = image_.cached(entryOf(source), quiet);
  if (!found) return std::nullopt;
  return judged(*found);
}

Kernel SeriesKernel::build(const Source& source) const {
  const Series place = placeOf(series_, tree_);
  const PatchedTree patched = patchedSource(tree_.name, source, place, cache_, progress_);
  // make's build directory, with what the last build left there. Those of other releases are
  // removed.
  const fs::path directory = cache_.directory("build/" + family(place.label()) + source.release +
                                              '-' + source.hash.substr(0, ImageBuild::kKeyLength));
  removeBeside(directory, family(place.label()));
  KernelIdentity identity;
  identity.tree = tree_.name;
  identity.source = source.description;
  identity.series = series_.description();
  identity.fuzzy = patched.fuzzy;
  identity.key = image_.keyOf(source.hash, series_.hash);
  BuildRequest request = image_.request(fmt::format("linux {}, series {}{}", source.release,
                                                    series_.imageLabel(), identity.laneInWords()));
  request.source = patched.path;
  request.directory = directory;
  request.configuration_key = source.hash + image_.compiler() + series_.kconfigHashes();
  identity =
      image_.build(entryOf(source), family(series_.imageLabel()), request, std::move(identity));
  if (request_.mutant.empty() && series_.whole) {
    progress_.remark(fmt::format(
        "kept in {} for the next build: the source ({}) and the object files ({}); both may be "
        "removed",
        cache_.root().string(), sizeText(diskUsage(patched.path.parent_path())),
        sizeText(diskUsage(directory))));
  }
  return judged(std::move(identity));
}

// Notes how the series applied to a release other than its base.
Kernel SeriesKernel::judged(KernelIdentity identity) const {
  identity.base = series_.base;
  if (const std::string text = driftInWords(identity); !text.empty()) progress_.note(text);
  return image_.result(std::move(identity), false, tree_.left_out);
}

// The prefix of names in the cache: of images, and of make's build directory.
std::string SeriesKernel::family(const std::string& label) const {
  return fmt::format("{}-{}-{}-", tree_.name, label, image_.machineLabel());
}

std::string SeriesKernel::entryOf(const Source& source) const {
  const std::string key = image_.keyOf(source.hash, series_.hash);
  return fmt::format("{}{}-{}", family(series_.imageLabel()), source.release,
                     key.substr(0, ImageBuild::kKeyLength));
}

}  // namespace runner
