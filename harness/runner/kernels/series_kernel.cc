// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/series_kernel.h"

#include <fmt/format.h>

#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series_fit.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// A kernel without the series is built in the same directory as the one with it: they share the
// objects that the patches do not affect.
Series placeOf(const Series& series, const Tree& tree) {
  const bool off = series.patches.empty() && !tree.series.empty();
  return off ? firstPatches(readSeries(tree.series), 0) : series;
}

// The series that a request wants of a tree, which keepSeries() has narrowed; none for `off`.
Series seriesOf(const Tree& tree, const KernelRequest& request) {
  Series series;
  if (request.series_on) {
    series = readSeries(tree.series);
    series.base = baseOf(tree.patches);
    if (request.first_patches) series = firstPatches(std::move(series), *request.first_patches);
  }
  return request.mutant.empty() ? series : withMutant(std::move(series), request.mutant);
}

// What to do about a series that is in the user's source already, or a part of it. Empty: none is.
std::string adviceForThoseIn(const std::vector<fs::path>& in, const Series& series,
                             const OwnBase& own) {
  if (in.empty()) return {};
  const std::string& source = own.named.string();
  if (in == series.patches) {
    return fmt::format("{} has this series already: judge it as it is, without --apply", source);
  }
  std::vector<std::string> patches;
  for (const fs::path& patch : in) {
    patches.push_back((patch.parent_path().filename() / patch.stem()).string());
  }
  return fmt::format(
      "{} has some of these patches already:\n  {}\nTake them back there, add the others there and "
      "judge it without --apply, or name with --with the series that it lacks",
      source, fmt::join(patches, "\n  "));
}

// What to do about a series that does not fit the user's source.
std::string adviceFor(const Series& series, const Tree& tree, const OwnBase& own,
                      const std::string& release) {
  return fmt::format(
      "The series were made on Linux {} ({}), and {} is Linux {}. What to do: apply the patches to "
      "a branch of yours, resolve these hunks there by hand (`git am --3way`, or `patch -p1 "
      "--merge`), and judge that tree as it is, without --apply. Or try the series of another "
      "tree, or fewer of them, with --apply and --with. "
      "Documentation/distributions.md says what each hunk is for",
      series.base, tree.name, own.named.string(), release);
}

}  // namespace

SeriesKernel::SeriesKernel(const KernelRequest& request, Tree tree, const Cache& cache,
                           Progress& progress, std::optional<OwnBase> own)
    : request_(request),
      cache_(cache),
      progress_(progress),
      tree_(std::move(tree)),
      series_(seriesOf(tree_, request)),
      own_(std::move(own)) {}

const ImageBuild& SeriesKernel::image() const {
  if (!image_) image_.emplace(request_, tree_, cache_, progress_);
  return *image_;
}

std::optional<Kernel> SeriesKernel::cached(const Source& source, bool quiet) const {
  const auto found = image().cached(entryOf(source), quiet);
  if (!found) return std::nullopt;
  return judged(*found);
}

PatchedTree SeriesKernel::patched(const Source& source, const Series& series) const {
  if (!own_) return patchedSource(tree_.name, source, series, cache_, progress_);
  if (series.names.empty()) return {own_->pristine, {}, {}};
  try {
    return patchedTree(own_->pristine, series, progress_);
  } catch (const Failure& failure) {
    if (failure.status() != ExitStatus::build) throw;
    const auto in = patchesIn(own_->pristine, series, progress_);
    const std::string advice = adviceForThoseIn(in, series, *own_);
    if (in == series.patches) throw Failure(ExitStatus::build, advice);
    throw Failure(ExitStatus::build, "{}\n{}", failure.what(),
                  advice.empty() ? adviceFor(series, tree_, *own_, source.release) : advice);
  }
}

fs::path SeriesKernel::patched(const Source& source) const {
  const PatchedTree tree = patched(source, series_);
  if (own_) {
    KernelIdentity kernel;
    kernel.release = source.release;
    kernel.series = description();
    kernel.base = series_.base;
    kernel.fuzzy = tree.fuzzy;
    kernel.moved = tree.moved;
    if (const std::string text = drift(kernel); !text.empty()) progress_.note(text);
  }
  return tree.path;
}

std::string SeriesKernel::description() const {
  const std::string text = series_.description();
  return own_ && !series_.patches.empty() ? text + " of " + tree_.name : text;
}

Kernel SeriesKernel::build(const Source& source) const {
  const Series place = placeOf(series_, tree_);
  const PatchedTree patched = this->patched(source, place);
  // make's build directory, with what the last build left there. Those of other releases are
  // removed; source of the user's own stays the same when it changes.
  const std::string version =
      own_ ? "source" : source.release + '-' + source.hash.substr(0, ImageBuild::kKeyLength);
  const fs::path directory = cache_.directory("build/" + family(place.label()) + version);
  removeBeside(directory, family(place.label()));
  KernelIdentity identity;
  identity.tree = own_ ? own_->named.string() : tree_.name;
  identity.source = source.description;
  identity.series = description();
  identity.fuzzy = patched.fuzzy;
  if (own_) identity.moved = patched.moved;
  identity.key = image().keyOf(source.hash, series_.hash);
  BuildRequest request = image().request(fmt::format("linux {}, series {}{}", source.release,
                                                     series_.imageLabel(), identity.laneInWords()));
  request.source = patched.path;
  request.directory = directory;
  if (own_) request.own = own_->named.string();
  request.configuration_key = source.hash + image().compiler() + series_.kconfigHashes();
  identity =
      image().build(entryOf(source), family(series_.imageLabel()), request, std::move(identity));
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
  if (const std::string text = drift(identity); !text.empty()) progress_.note(text);
  return image().result(std::move(identity), false, tree_.left_out);
}

// How the series applies to another source than its base; empty for its base and without a series.
std::string SeriesKernel::drift(const KernelIdentity& kernel) const {
  if (kernel.base.empty() && kernel.fuzzy.empty()) return {};
  if (kernel.fuzzy.empty() && !own_ && kernel.release == kernel.base) return {};
  std::string text = fmt::format("{} was made on Linux {} and applies to {}", kernel.series,
                                 kernel.base, kernel.release);
  text += kernel.fuzzy.empty() ? " cleanly"
                               : fmt::format(" with fuzz, so review the result:\n  {}",
                                             fmt::join(kernel.fuzzy, "\n  "));
  if (kernel.moved.empty()) return text;
  return fmt::format("{}\nHunks that fit at another line:\n  {}", text,
                     fmt::join(kernel.moved, "\n  "));
}

// The prefix of names in the cache: of images, and of make's build directory.
std::string SeriesKernel::family(const std::string& label) const {
  return fmt::format("{}-{}-{}-", own_ ? own_->name : tree_.name, label, image().machineLabel());
}

std::string SeriesKernel::entryOf(const Source& source) const {
  const std::string key = image().keyOf(source.hash, series_.hash);
  return fmt::format("{}{}-{}", family(series_.imageLabel()), source.release,
                     key.substr(0, ImageBuild::kKeyLength));
}

}  // namespace runner
