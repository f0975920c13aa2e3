// SPDX-License-Identifier: GPL-2.0
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/read_file.h"
#include "runner/kernels/build.h"
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
// Part of every key: to be changed whenever the same input would be built differently.
constexpr std::string_view kRecipe = "1";

// The series on another release than its own; empty if it is the same one, and if there is none.
std::string driftInWords(const KernelIdentity& kernel) {
  const bool same = kernel.base.empty() || kernel.release == kernel.base;
  if (same && kernel.fuzzy.empty()) return {};
  std::string text = fmt::format("{} was made on Linux {} and ", kernel.series, kernel.base);
  text += fmt::format("applies to {} {}", kernel.release,
                      kernel.fuzzy.empty() ? "cleanly" : "with fuzz, so look at the result:");
  for (const std::string& hunk : kernel.fuzzy) text += "\n  " + hunk;
  return text;
}

class Provider {
 public:
  Provider(const KernelRequest& request, const Cache& cache, Progress& progress)
      : request_(request), cache_(cache), progress_(progress), images_(cache) {}

  Kernel run() {
    const Trees trees = loadTrees(request_.project);
    if (trees.find(request_.tree) != nullptr) return ofTree(treeOf(request_, trees));
    std::error_code error;
    if (request_.tree.find('/') != std::string::npos || fs::exists(request_.tree, error)) {
      return ofUser(recogniseKernel(request_.tree), trees.standard());
    }
    throw unknownTree(trees);
  }

  fs::path source() {
    const Trees trees = loadTrees(request_.project);
    if (trees.find(request_.tree) == nullptr) throw unknownTree(trees);
    const Tree tree = treeOf(request_, trees);
    series_ = seriesOf(tree);
    const CacheLock held = lockTree(tree.name, cache_, progress_);
    return sourceOf(tree, availableSource(tree, cache_, progress_), series_).path;
  }

  static void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                            const Cache& cache) {
    const Trees trees = loadTrees(request.project);
    if (trees.find(request.tree) == nullptr) return;
    const Tree tree = treeOf(request, trees);
    const std::string beginning =
        fmt::format("{}-{}{}", tree.name, readSeries(tree.series).label(), kMutantMark);
    ImageCache(cache).removeUnless(beginning, [&](std::string_view rest) {
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        if (!rest.starts_with(name)) return false;
        const std::string_view after = rest.substr(name.size());
        return after.starts_with("-uml-") || after.starts_with("-qemu-") ||
               after.starts_with("-debug-") || after.starts_with("-smp-");
      });
    });
  }

 private:
  static Tree treeOf(const KernelRequest& request, const Trees& trees) {
    Tree tree = *trees.find(request.tree);
    tree.keepSeries(request.with);
    return tree;
  }

  Series seriesOf(const Tree& tree) const {
    Series series;
    if (request_.series_on) {
      series = readSeries(tree.series);
      series.base = baseOf(tree.patches);
      if (request_.first_patches) series = firstPatches(std::move(series), *request_.first_patches);
    }
    return request_.mutant.empty() ? series : withMutant(std::move(series), request_.mutant);
  }

  Failure unknownTree(const Trees& trees) const {
    return {ExitStatus::usage,
            fmt::format("there is no tree \"{}\": known are {}, and any path of a kernel or its "
                        "source",
                        request_.tree, trees.names())};
  }

  Kernel result(KernelIdentity identity, bool own) const {
    identity.debug = request_.debug;
    return {identity.image, request_.machine, own, identity, leaves_out_};
  }

  static void requireX86() {
    utsname machine{};
    ::uname(&machine);
    if (std::string_view(machine.machine) != "x86_64") {
      throw Failure(
          ExitStatus::environment,
          fmt::format("kernels are built on x86-64 only, this machine is {}", machine.machine));
    }
  }

  // SHA-256 of everything that decides what the image will be.
  std::string keyOf(const std::string& source_hash, const std::string& series_hash,
                    const std::vector<fs::path>& fragments, const std::string& compiler) const {
    std::string text = std::string(kRecipe) + '\n' + source_hash + '\n' + series_hash + '\n' +
                       compiler + '\n' + std::string(qemu::nameOf(request_.machine)) + '\n';
    for (const fs::path& fragment : fragments) text += hashOfFile(fragment) + '\n';
    return hashOfText(text);
  }

  // A tree of ours. A warm run ends before the lock: it reads some small files and one stat.
  Kernel ofTree(const Tree& tree) {
    requireX86();
    leaves_out_ = tree.leaves_out;
    series_ = seriesOf(tree);
    compiler_ = compilerIdentity();
    if (const auto source = rememberedSource(tree, cache_)) {
      if (const auto found = images_.find(entryOf(tree, *source))) return judged(*found);
    }
    const CacheLock held = lockTree(tree.name, cache_, progress_);
    const Source source = availableSource(tree, cache_, progress_);
    const auto on_damage = [&](const std::string& what) { progress_.note(what); };
    if (const auto found = images_.find(entryOf(tree, source), on_damage)) return judged(*found);
    return judged(build(tree, source));
  }

  // A kernel of ours; says how the series got onto a release that it was not made on.
  Kernel judged(KernelIdentity identity) const {
    identity.base = series_.base;
    if (const std::string text = driftInWords(identity); !text.empty()) progress_.note(text);
    return result(identity, false);
  }

  // A kernel without the series is made where the one with it is: what is compiled for one is of
  // use to the other as far as the patches let it.
  Series placeOf(const Tree& tree) const {
    const bool off = series_.patches.empty() && !tree.series.empty();
    return off ? firstPatches(readSeries(tree.series), 0) : series_;
  }

  // The unpacked source with the series on it.
  PatchedTree sourceOf(const Tree& tree, const Source& source, const Series& series) {
    const fs::path pristine = unpackedSource(tree.name, source, cache_, progress_);
    if (series.names.empty()) return {pristine, {}};
    try {
      return patchedTree(pristine, series, progress_);
    } catch (const Failure& failure) {
      if (failure.status() != ExitStatus::build || source.release == series_.base) throw;
      throw Failure(ExitStatus::build,
                    fmt::format("{}\nThe series was made on Linux {} and this is {}: rebase it",
                                failure.what(), series_.base, source.release));
    }
  }

  // "uml", "smp-uml", "debug-qemu": no name in the cache is the beginning of another.
  std::string machineLabel() const {
    const bool smp = request_.smp && request_.machine == qemu::Kind::userModeLinux;
    return (request_.debug ? "debug-" : "") + std::string(smp ? "smp-" : "") +
           std::string(qemu::nameOf(request_.machine));
  }

  // How names in the cache begin: of images, and of the folder where make works.
  std::string familyOf(const Tree& tree, const std::string& label) const {
    return fmt::format("{}-{}-{}-", tree.name, label, machineLabel());
  }

  std::string entryOf(const Tree& tree, const Source& source) const {
    const std::string key = keyOf(
        source.hash, series_.hash,
        tree.fragments(architectureOf(request_.machine), request_.debug, request_.smp), compiler_);
    return fmt::format("{}{}-{}", familyOf(tree, series_.imageLabel()), source.release,
                       key.substr(0, kKeyLength));
  }

  KernelIdentity build(const Tree& tree, const Source& source) {
    const Series place = placeOf(tree);
    const PatchedTree patched = sourceOf(tree, source, place);
    BuildRequest request;
    request.source = patched.path;
    request.folder = buildFolder(familyOf(tree, place.label()),
                                 source.release + '-' + source.hash.substr(0, kKeyLength));
    request.fragments =
        tree.fragments(architectureOf(request_.machine), request_.debug, request_.smp);
    request.configuration_key = source.hash + compiler_ + kconfigPatches();
    request.machine = request_.machine;
    request.name = fmt::format("linux {}, series {}{}", source.release, series_.imageLabel(),
                               request_.debug ? ", debug" : "");
    const BuiltKernel built = buildKernel(request, cache_, progress_);
    KernelIdentity identity;
    identity.tree = tree.name;
    identity.release = built.release;
    identity.source = source.description;
    identity.series = series_.description();
    identity.fuzzy = patched.fuzzy;
    identity.compiler = compiler_;
    identity.key = keyOf(source.hash, series_.hash, request.fragments, compiler_);
    if (request_.mutant.empty() && series_.whole) {
      progress_.remark(
          fmt::format("kept in {} for the next build: the source ({}) and what was "
                      "compiled ({}); both may be removed",
                      cache_.root().string(), sizeText(diskUsage(request.source.parent_path())),
                      sizeText(diskUsage(request.folder))));
    }
    // Of each mutant one image stays, so that a run of all of them finds all of them.
    const std::size_t kept = request_.mutant.empty() ? ImageCache::kKept : 1;
    return images_.keep(entryOf(tree, source), familyOf(tree, series_.imageLabel()), built.image,
                        built.config, identity, kept);
  }

  // The hashes of those patches that may change what can be configured.
  std::string kconfigPatches() const {
    std::string hashes;
    for (const fs::path& patch : series_.patches) {
      const std::string text = readFile(patch);
      if (text.find("Kconfig") != std::string::npos) hashes += hashOfText(text);
    }
    return hashes;
  }

  // Where make works, with what it left of the last time. Those of other releases are removed.
  fs::path buildFolder(const std::string& family, const std::string& release) const {
    fs::path folder = cache_.folder("build/" + family + release);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder.parent_path(), error)) {
      if (entry.path() != folder && entry.path().filename().string().rfind(family, 0) == 0) {
        fs::remove_all(entry.path(), error);
      }
    }
    return folder;
  }

  Kernel ofUser(const OwnKernel& own, const Tree& tree) {
    switch (own.kind) {
      case OwnKernel::Kind::image:
        return ownImage(own);
      case OwnKernel::Kind::tarball:
        return ownTarball(own, tree);
      case OwnKernel::Kind::sourceFolder:
        break;
    }
    requireX86();
    compiler_ = compilerIdentity();
    const std::string name = "own-" + hashOfText(own.path.string()).substr(0, kKeyLength);
    const CacheLock held = lockTree(name, cache_, progress_);
    // Whether a folder has changed since the last time is for make to find out.
    Kernel kernel = buildOwn(own.path, own.path, name, tree, "");
    const std::string commit = checkedOutCommit(own.path);
    if (!commit.empty()) kernel.identity.source += ", commit " + commit;
    return kernel;
  }

  Kernel ownImage(const OwnKernel& own) const {
    KernelIdentity identity;
    identity.tree = own.path.string();
    identity.release = own.release;
    identity.source = own.path.string();
    identity.series = "not ours";
    identity.image = own.path.string();
    Kernel kernel = result(identity, true);
    kernel.machine = own.machine;
    return kernel;
  }

  Kernel ownTarball(const OwnKernel& own, const Tree& tree) {
    requireX86();
    compiler_ = compilerIdentity();
    Source source;
    source.hash = hashOfFile(own.path);
    source.tarball = own.path;
    source.release = "own";
    const std::string key = keyOf(
        source.hash, "",
        tree.fragments(architectureOf(request_.machine), request_.debug, request_.smp), compiler_);
    const std::string name = "own-" + key.substr(0, kKeyLength);
    const CacheLock held = lockTree(name, cache_, progress_);
    const auto on_damage = [&](const std::string& what) { progress_.note(what); };
    if (auto found = images_.find(name, on_damage)) return ownResult(*found, own.path);
    const fs::path unpacked = unpackedSource("own", source, cache_, progress_);
    recogniseKernel(unpacked);  // says what is missing if it is no kernel's source
    return buildOwn(unpacked, own.path, name, tree, key);
  }

  Kernel ownResult(KernelIdentity identity, const fs::path& named) const {
    identity.tree = identity.source = named.string();
    identity.key.clear();
    return result(identity, true);
  }

  Kernel buildOwn(const fs::path& source, const fs::path& named, const std::string& name,
                  const Tree& tree, const std::string& key) {
    const std::string entry = key.empty() ? name + '-' + machineLabel() : name;
    BuildRequest request;
    request.source = source;
    request.folder = cache_.folder("build/" + entry);
    request.fragments =
        tree.fragments(architectureOf(request_.machine), request_.debug, request_.smp);
    request.machine = request_.machine;
    request.own = true;
    request.name = named.filename().string();
    const BuiltKernel built = buildKernel(request, cache_, progress_);
    KernelIdentity identity;
    identity.release = built.release;
    identity.series = "not ours";
    identity.compiler = compiler_;
    identity = images_.keep(entry, entry, built.image, built.config, identity);
    return ownResult(identity, named);
  }

  const KernelRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  ImageCache images_;
  std::string leaves_out_;
  Series series_;
  std::string compiler_;
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

Kernel provideKernel(const KernelRequest& request, const Cache& cache, Progress& progress) {
  return withFailures([&] { return Provider(request, cache, progress).run(); });
}

void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                   const Cache& cache) {
  withFailures([&] { Provider::forgetMutants(request, names, cache); });
}

fs::path provideSource(const KernelRequest& request, const Cache& cache, Progress& progress) {
  return withFailures([&] { return Provider(request, cache, progress).source(); });
}

}  // namespace runner
