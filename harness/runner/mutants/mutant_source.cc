// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/mutant_source.h"

#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/series_fit.h"
#include "runner/kernels/source.h"
#include "runner/kernels/unpack.h"
#include "sys/interrupt.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

bool isSameFile(const fs::path& one, const fs::path& other) {
  struct stat first {
  }, second{};
  return ::lstat(one.c_str(), &first) == 0 && ::lstat(other.c_str(), &second) == 0 &&
         first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

// The patches are applied to copies of only the files that they change: the patched source in the
// cache may be what another run builds. take: puts the files into a directory.
std::vector<PatchedFile> patchedCopies(
    const Series& series, const Cache& cache, Progress& progress,
    const std::function<void(const std::set<std::string>& files, const fs::path& into)>& take) {
  progress.step("read what " + series.description() + " changes");
  const TemporaryDirectory scratch(cache.directory("mutants"));
  const fs::path pristine = scratch.path() / "pristine", patched = scratch.path() / "patched";
  const std::set<std::string> files = touchedFiles(series.patches);
  fs::create_directories(pristine);
  fs::create_directories(patched);
  take(files, pristine);
  takeFilesFrom(pristine, files, patched, progress);
  const SeriesFit fit = applySeries(series, patched, progress);
  if (fit.count(Fit::conflict) != 0) throw Failure(ExitStatus::build, fit.refusal());
  return patchedFiles(pristine, patched, series);
}

// Nothing if the cache lacks the source, or another run may be replacing it.
std::optional<std::vector<PatchedFile>> patchedFilesInCache(const Tree& tree, const Series& series,
                                                            const Cache& cache,
                                                            Progress& progress) {
  const auto source = rememberedSource(tree, cache);
  if (!source) return std::nullopt;
  try {
    auto files = patchedCopies(series, cache, progress, [&](const auto& names, const auto& into) {
      takeFiles(names, tree.name, *source, cache, into, progress);
    });
    const auto after = rememberedSource(tree, cache);
    if (after && after->hash == source->hash) return files;
  } catch (const Failure&) {
    // If it was not for another run, it happens again while the tree is locked.
  } catch (const fs::filesystem_error&) {
  }
  return std::nullopt;
}

// The same, from a copy of the whole patched source.
std::vector<PatchedFile> copiedFiles(const Tree& tree, const Series& series, const fs::path& copy,
                                     const Cache& cache, Progress& progress) {
  const CacheLock held = lockTree(tree.name, cache, progress);
  const Source source = availableSource(tree, cache, progress);
  const fs::path pristine = unpackedSource(tree.name, source, cache, progress);
  const PatchedTree patched = patchedSource(tree.name, source, series, cache, progress);
  copyPatchedSource(patched.path, copy);
  return patchedFiles(pristine, patched.path, series);
}

}  // namespace

std::vector<PatchedFile> patchedFilesOf(const Tree& tree, const Series& series, const Cache& cache,
                                        Progress& progress) {
  if (auto files = patchedFilesInCache(tree, series, cache, progress)) return std::move(*files);
  return patchedCopies(series, cache, progress, [&](const auto& names, const auto& into) {
    const CacheLock held = lockTree(tree.name, cache, progress);
    const Source source = availableSource(tree, cache, progress);
    takeFiles(names, tree.name, source, cache, into, progress);
  });
}

void copyPatchedSource(const fs::path& patched, const fs::path& copy) {
  fs::create_directories(copy);
  for (const auto& entry : fs::recursive_directory_iterator(patched)) {
    sys::throwIfInterrupted();
    const fs::path target = copy / entry.path().lexically_relative(patched);
    std::error_code error;
    if (entry.is_directory() && !entry.is_symlink()) {
      fs::create_directory(target, error);
    } else if (!fs::exists(fs::symlink_status(target, error))) {
      error.clear();
      fs::create_hard_link(entry.path(), target, error);
    } else if (!isSameFile(entry.path(), target) && readFile(entry.path()) != readFile(target)) {
      fs::remove(target, error);
      fs::copy_file(entry.path(), target, error);  // with a new time, so that make compiles it
    }
    if (error) throw writeFailure(target, error.value());
  }
}

MutantSource::MutantSource(const Tree& tree, const Series& series, const fs::path& directory,
                           std::string key, const Cache& cache, Progress& progress)
    : path_(directory / "source"), mark_(directory / "complete"), key_(std::move(key)) {
  const auto source = rememberedSource(tree, cache);
  std::error_code error;
  const fs::path pristine =
      source ? sourceDirectory(tree.name, *source, cache) / "pristine" : fs::path();
  if (source && fs::exists(pristine, error) && readFile(mark_) == key_) {
    files_ = patchedFiles(pristine, path_, series);
  } else {
    files_ = copiedFiles(tree, series, path_, cache, progress);
  }
  fs::remove(mark_, error);
}

ChangedFiles MutantSource::changedBy(const PatchFit& patch, const Cache& cache,
                                     Progress& progress) const {
  const TemporaryDirectory scratch(cache.directory("mutants"));
  const std::set<std::string> names = touchedFiles({patch.patch});
  takeFilesFrom(path_, names, scratch.path(), progress);
  applyPatch(patch, scratch.path());
  ChangedFiles changed;
  for (const std::string& name : names) changed[name] = readFile(scratch.path() / name);
  return changed;
}

MutantSource::~MutantSource() {
  std::ofstream(mark_) << key_;
}

}  // namespace runner
