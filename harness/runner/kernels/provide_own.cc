// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/provide_own.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "filesystems/registry.h"
#include "runner/base/failure.h"
#include "runner/kernels/image_build.h"
#include "runner/kernels/leftovers.h"
#include "runner/kernels/makefile_release.h"
#include "runner/kernels/own_cache.h"
#include "runner/kernels/own_kernel.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series_kernel.h"
#include "runner/kernels/shipped_kernel.h"
#include "runner/kernels/source.h"
#include "runner/kernels/source_copy.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

KernelIdentity ownIdentity(KernelIdentity identity, const fs::path& named) {
  identity.tree = identity.source = named.string();
  identity.series = "not ours";
  identity.key.clear();
  return identity;
}

// A kernel as it is: an image, or a package.
Kernel ofBuilt(const OwnKernel& own, const KernelRequest& request, const Cache& cache,
               Progress& progress) {
  const bool uml = own.architecture != nullptr && !own.architecture->qemu;
  KernelFiles files = uml ? KernelFiles{.image = own.path,
                                        .architecture = own.architecture,
                                        .release = own.release,
                                        .source = own.path.string()}
                          : findKernelFiles(own.path, request.modules, cache, progress);
  KernelIdentity identity;
  identity.release = files.release;
  identity.image = files.image.string();
  if (request.lane != filesystems::kProfileLane) identity.lane = request.lane;
  if (!files.config.empty()) identity.config_hash = hashOfText(files.config);
  identity = ownIdentity(std::move(identity), own.path);
  identity.source = files.source;
  const auto machine = qemu::machineFor(*files.architecture);
  return {identity.image, machine, true, identity, {}, std::move(files)};
}

// The content of the user's tarball. Throws Failure (usage), which says what is missing, if it is
// not kernel source; then nothing of it stays.
fs::path unpackedOwn(const std::string& name, const Source& source, const Cache& cache,
                     Progress& progress) {
  try {
    fs::path unpacked = unpackedSource(name, source, cache, progress);
    if (const std::string left = leftoverIn(unpacked); !left.empty()) {
      throw Failure(ExitStatus::usage,
                    "{} was packed after a build in place ({} is in it), so kbuild cannot build it "
                    "out of tree. Pack it again after `make mrproper`",
                    source.tarball.string(), left);
    }
    recogniseKernel(unpacked, source.tarball.string() + ", unpacked,");
    return unpacked;
  } catch (...) {
    std::error_code error;
    fs::remove_all(cache.directory("source/" + name), error);
    throw;
  }
}

class OwnSource {
 public:
  OwnSource(const KernelRequest& request, const Tree& standard, const Cache& cache,
            Progress& progress)
      : cache_(cache), progress_(progress), image_(request, standard, cache, progress) {}

  Kernel of(const OwnKernel& own) const {
    const std::string hash = ownHashOf(own), name = ownNameOf(hash);
    const CacheLock held = holdOwn(name, own, cache_, progress_);
    return own.kind == OwnKernel::Kind::tarball ? ofTarball({{}, {}, hash, own.path})
                                                : ofDirectory(own.path, name);
  }

 private:
  Kernel ofDirectory(const fs::path& directory, const std::string& name) const {
    // make finds out whether the directory has changed since the last build.
    Kernel kernel = build(directory, directory, name + '-' + image_.machineLabel());
    if (const std::string commit = checkedOutCommit(directory); !commit.empty()) {
      kernel.identity.source += ", commit " + commit;
    }
    return kernel;
  }

  Kernel ofTarball(const Source& source) const {
    const std::string name = ownNameOf(source.hash);
    const std::string entry =
        name + '-' + image_.keyOf(source.hash, "").substr(0, ImageBuild::kKeyLength);
    if (auto found = image_.cached(entry)) return result(std::move(*found), source.tarball);
    return build(unpackedOwn(name, source, cache_, progress_), source.tarball, entry);
  }

  Kernel build(const fs::path& source, const fs::path& named, const std::string& entry) const {
    BuildRequest request = image_.request(named.filename().string());
    request.source = source;
    request.directory = cache_.directory("build/" + entry);
    request.own = named.string();
    return result(image_.build(entry, entry, request, {}), named);
  }

  Kernel result(KernelIdentity identity, const fs::path& named) const {
    return image_.result(ownIdentity(std::move(identity), named), true);
  }

  const Cache& cache_;
  Progress& progress_;
  const ImageBuild image_;
};

// A copy of the user's source, and our series for it.
class AppliedSource {
 public:
  AppliedSource(const KernelRequest& request, const Trees& trees, const Cache& cache,
                Progress& progress)
      : own_(recogniseSource(request.tree)), tree_(trees.named(request.apply)) {
    tree_.keepSeries(request.with);
    const bool directory = own_.kind == OwnKernel::Kind::sourceDirectory;
    const std::string hash = ownHashOf(own_), name = ownNameOf(hash);
    held_.emplace(holdOwn(name, own_, cache, progress));
    fs::path pristine;
    if (directory) {
      const SourceCopy copy = copySource(own_.path, cache.directory("source/" + name), progress);
      pristine = copy.path;
      source_.hash = copy.hash;
    } else {
      source_ = {{}, {}, hash, own_.path};
      pristine = unpackedOwn(name, source_, cache, progress);
    }
    source_.release = releaseOfSource(pristine, own_.path.string());
    source_.description = own_.path.string();
    if (const std::string commit = directory ? checkedOutCommit(own_.path) : ""; !commit.empty()) {
      source_.description += ", commit " + commit;
    }
    kernel_.emplace(request, tree_, cache, progress,
                    OwnBase{fmt::format("{}-{}", name, tree_.name), own_.path, pristine});
  }

  Kernel kernel() const {
    if (auto found = kernel_->cached(source_)) {
      // The same content may have been committed since.
      found->identity.source = source_.description;
      return std::move(*found);
    }
    return kernel_->build(source_);
  }
  fs::path source() const { return kernel_->patched(source_); }

 private:
  const OwnKernel own_;
  Tree tree_;
  std::optional<CacheLock> held_;
  Source source_;
  std::optional<SeriesKernel> kernel_;
};

}  // namespace

Kernel provideAppliedKernel(const KernelRequest& request, const Trees& trees, const Cache& cache,
                            Progress& progress) {
  return AppliedSource(request, trees, cache, progress).kernel();
}

fs::path provideAppliedSource(const KernelRequest& request, const Trees& trees, const Cache& cache,
                              Progress& progress) {
  return AppliedSource(request, trees, cache, progress).source();
}

Kernel provideOwnKernel(const KernelRequest& request, const Trees& trees, const Cache& cache,
                        Progress& progress) {
  const OwnKernel own = recogniseKernel(request.tree);
  if (own.isBuilt()) return ofBuilt(own, request, cache, progress);
  return OwnSource(request, trees.standard(), cache, progress).of(own);
}

}  // namespace runner
