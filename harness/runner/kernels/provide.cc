// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <string_view>
#include <system_error>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build.h"
#include "runner/kernels/config.h"
#include "runner/kernels/image_cache.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series.h"
#include "runner/kernels/source.h"
#include "runner/kernels/trees.h"
#include "runner/kernels/unpack.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyLength = 12;
// Part of every key; change it whenever the same input would be built differently.
constexpr std::string_view kRecipe = "1";

Series seriesOf(const Tree& tree, const KernelRequest& request) {
  Series series;
  if (request.series_on) {
    series = readSeries(tree.series);
    series.base = baseOf(tree.patches);
    if (request.first_patches) series = firstPatches(std::move(series), *request.first_patches);
  }
  return request.mutant.empty() ? series : withMutant(std::move(series), request.mutant);
}

class Provider {
 public:
  Provider(const KernelRequest& request, const Cache& cache, Progress& progress)
      : request_(request),
        cache_(cache),
        progress_(progress),
        images_(cache),
        trees_(loadTrees(request.project)) {}

  Kernel run() {
    if (trees_.find(request_.tree) == nullptr && isOwnKernel(request_.tree)) return ofUser();
    takeTree();
    return ofTree();
  }

  fs::path source() {
    takeTree();
    const CacheLock held = lockTree(tree_.name, cache_, progress_);
    const Source source = availableSource(tree_, cache_, progress_);
    return patchedSource(tree_.name, source, series_, cache_, progress_).path;
  }

 private:
  void takeTree() {
    const Tree* tree = trees_.find(request_.tree);
    if (tree == nullptr) {
      throw Failure(ExitStatus::usage,
                    "there is no tree \"{}\". Known trees: {}; or give the path of a kernel or "
                    "its source",
                    request_.tree, trees_.names());
    }
    tree_ = *tree;
    tree_.keepSeries(request_.with);
    series_ = seriesOf(tree_, request_);
  }

  void prepareBuild() {
    compiler_ = compilerIdentity(*request_.architecture);
    fragments_ = tree_.fragments(*request_.architecture, request_.lane, request_.smp);
  }

  Kernel result(KernelIdentity identity, bool own) const {
    identity.lane = request_.lane;
    return {identity.image, qemu::machineFor(*request_.architecture),          own,
            identity,       own ? std::vector<std::string>() : tree_.left_out, {}};
  }

  // SHA-256 of everything that determines the image, which a comment in a fragment does not.
  std::string keyOf(const std::string& source_hash, const std::string& series_hash) const {
    std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n", kRecipe, source_hash, series_hash,
                                   compiler_, request_.architecture->cache_name);
    for (const Option& option : readFragments(fragments_)) text += option.text() + '\n';
    return hashOfText(text);
  }

  // The cache entry of that name; a damaged image is noted.
  std::optional<KernelIdentity> cached(const std::string& name) const {
    return images_.find(name, [&](const std::string& what) { progress_.note(what); });
  }

  // One of our trees. With a warm cache this returns before the lock, after reading some small
  // files and one stat().
  Kernel ofTree() {
    prepareBuild();
    if (const auto source = rememberedSource(tree_, cache_)) {
      if (const auto found = images_.find(entryOf(*source))) return judged(*found);
    }
    const CacheLock held = lockTree(tree_.name, cache_, progress_);
    const Source source = availableSource(tree_, cache_, progress_);
    if (const auto found = cached(entryOf(source))) return judged(*found);
    return judged(build(source));
  }

  // A kernel of ours; notes how the series applied to a release other than its base.
  Kernel judged(KernelIdentity identity) const {
    identity.base = series_.base;
    if (const std::string text = driftInWords(identity); !text.empty()) progress_.note(text);
    return result(identity, false);
  }

  // A kernel without the series is built in the same directory as the one with it: they share the
  // objects that the patches do not affect.
  Series place() const {
    const bool off = series_.patches.empty() && !tree_.series.empty();
    return off ? firstPatches(readSeries(tree_.series), 0) : series_;
  }

  // "uml", "smp-uml", "debug-qemu": no name in the cache is the prefix of another.
  std::string machineLabel() const {
    const bool smp = request_.smp && !tree_.config.at(request_.architecture->name).smp.empty();
    return fmt::format("{}{}{}", request_.lane.empty() ? "" : request_.lane + '-',
                       smp ? "smp-" : "", request_.architecture->cache_name);
  }

  // The prefix of names in the cache: of images, and of make's build directory.
  std::string family(const std::string& label) const {
    return fmt::format("{}-{}-{}-", tree_.name, label, machineLabel());
  }

  std::string entryOf(const Source& source) const {
    return fmt::format("{}{}-{}", family(series_.imageLabel()), source.release,
                       keyOf(source.hash, series_.hash).substr(0, kKeyLength));
  }

  KernelIdentity build(const Source& source) {
    const Series place = this->place();
    const PatchedTree patched = patchedSource(tree_.name, source, place, cache_, progress_);
    const fs::path directory = buildDirectory(
        family(place.label()), source.release + '-' + source.hash.substr(0, kKeyLength));
    KernelIdentity identity;
    identity.tree = tree_.name;
    identity.source = source.description;
    identity.series = series_.description();
    identity.fuzzy = patched.fuzzy;
    identity.key = keyOf(source.hash, series_.hash);
    identity = buildInto(entryOf(source), family(series_.imageLabel()),
                         {.source = patched.path,
                          .directory = directory,
                          .fragments = fragments_,
                          .configuration_key = source.hash + compiler_ + series_.kconfigHashes(),
                          .architecture = *request_.architecture,
                          .name = fmt::format("linux {}, series {}{}", source.release,
                                              series_.imageLabel(), identity.laneInWords())},
                         std::move(identity));
    if (request_.mutant.empty() && series_.whole) {
      progress_.remark(fmt::format(
          "kept in {} for the next build: the source ({}) and the object files ({}); both "
          "may be removed",
          cache_.root().string(), sizeText(diskUsage(patched.path.parent_path())),
          sizeText(diskUsage(directory))));
    }
    return identity;
  }

  // Builds the kernel and stores the image in the cache under that name.
  KernelIdentity buildInto(const std::string& entry, const std::string& family,
                           const BuildRequest& request, KernelIdentity identity) const {
    const BuiltKernel built = buildKernel(request, cache_, progress_);
    identity.release = built.release;
    identity.compiler = compiler_;
    // Keep one image of each mutant, so that a run of all of them finds all of them.
    const std::size_t kept = request_.mutant.empty() ? ImageCache::kKept : 1;
    return images_.keep(entry, family, built.image, built.config, std::move(identity), kept);
  }

  // make's build directory, with what the last build left there. Those of other releases are
  // removed.
  fs::path buildDirectory(const std::string& family, const std::string& release) const {
    fs::path directory = cache_.directory("build/" + family + release);
    removeBeside(directory, family);
    return directory;
  }

  // The user's own kernel, configured as the standard tree is.
  Kernel ofUser() {
    const OwnKernel own = recogniseKernel(request_.tree);
    if (own.isBuilt()) return ofUserAsItIs(own);
    tree_ = trees_.standard();
    prepareBuild();
    if (own.kind == OwnKernel::Kind::tarball) return ownTarball(own.path);
    const std::string name = "own-" + hashOfText(own.path.string()).substr(0, kKeyLength);
    const CacheLock held = lockTree(name, cache_, progress_);
    // make finds out whether the directory has changed since the last build.
    Kernel kernel = buildOwn(own.path, own.path, name + '-' + machineLabel());
    if (const std::string commit = checkedOutCommit(own.path); !commit.empty()) {
      kernel.identity.source += ", commit " + commit;
    }
    return kernel;
  }

  Kernel ofUserAsItIs(const OwnKernel& own) const {
    const bool uml = own.architecture != nullptr && !own.architecture->qemu;
    KernelFiles files =
        uml ? KernelFiles{.image = own.path, .release = own.release, .source = own.path.string()}
            : findKernelFiles(own.path, request_.modules, cache_, progress_);
    KernelIdentity identity;
    identity.release = files.release;
    identity.image = files.image.string();
    if (!files.config.empty()) identity.config_hash = hashOfFile(files.config);
    Kernel kernel = ownResult(std::move(identity), own.path);
    kernel.identity.source = files.source;
    kernel.machine = qemu::machineFor(*recogniseKernel(files.image).architecture);
    kernel.files = std::move(files);
    return kernel;
  }

  Kernel ownTarball(const fs::path& tarball) {
    const Source source{"own", {}, hashOfFile(tarball), tarball};
    const std::string name = "own-" + keyOf(source.hash, "").substr(0, kKeyLength);
    const CacheLock held = lockTree(name, cache_, progress_);
    if (auto found = cached(name)) return ownResult(std::move(*found), tarball);
    const fs::path unpacked = unpackedSource("own", source, cache_, progress_);
    recogniseKernel(unpacked);  // throws if it is not kernel source, and says what is missing
    return buildOwn(unpacked, tarball, name);
  }

  Kernel buildOwn(const fs::path& source, const fs::path& named, const std::string& entry) const {
    return ownResult(buildInto(entry, entry,
                               {.source = source,
                                .directory = cache_.directory("build/" + entry),
                                .fragments = fragments_,
                                .architecture = *request_.architecture,
                                .own = true,
                                .name = named.filename().string()},
                               {}),
                     named);
  }

  Kernel ownResult(KernelIdentity identity, const fs::path& named) const {
    identity.tree = identity.source = named.string();
    identity.series = "not ours";
    identity.key.clear();
    return result(std::move(identity), true);
  }

  const KernelRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  ImageCache images_;
  const Trees trees_;
  Tree tree_;
  Series series_;
  std::string compiler_;
  std::vector<fs::path> fragments_;
};

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
  return withFailures([&] { return Provider(request, cache, progress).run(); });
}

fs::path provideSource(const KernelRequest& request, const Cache& cache, Progress& progress) {
  return withFailures([&] { return Provider(request, cache, progress).source(); });
}

}  // namespace runner
