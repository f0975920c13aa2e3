// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/own_cache.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "runner/kernels/kept_entries.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBeginning = "own-";
constexpr std::size_t kDigits = 12;  // of the hash in a name
constexpr std::size_t kKept = 3;     // sources, the current one among them

// The locks of all sources that have been used: holdOwn() marks them, and they stay.
std::vector<fs::path> locksOfSources(const Cache& cache) {
  std::vector<fs::path> locks;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(cache.directory("locks"), error)) {
    const std::string name = entry.path().stem();
    if (name.starts_with(kBeginning) && name.size() == kBeginning.size() + kDigits) {
      locks.push_back(entry.path());
    }
  }
  return locks;
}

void forget(const std::string& name, const Cache& cache) {
  for (const char* kind : {"source", "build", "images"}) {
    // No entry has this name, so none stays.
    removeBeside(cache.directory(kind) / ".", name);
  }
}

}  // namespace

std::string ownHashOf(const OwnKernel& source) {
  const bool directory = source.kind == OwnKernel::Kind::sourceDirectory;
  return directory ? hashOfText(source.path.string()) : hashOfFile(source.path);
}

std::string ownNameOf(const std::string& hash) {
  return std::string(kBeginning) + hash.substr(0, kDigits);
}

CacheLock holdOwn(const std::string& name, const OwnKernel& source, const Cache& cache,
                  Progress& progress) {
  CacheLock held = cache.lock(name, [&] {
    progress.remark(fmt::format("another run is working on {}: waiting for it to finish",
                                source.path.string()));
  });
  markUsed(cache.directory("locks") / (name + ".lock"));
  for (const fs::path& lock : unusedOf(locksOfSources(cache), kKept)) {
    const std::string other = lock.stem();
    if (const auto free = cache.tryLock(other)) forget(other, cache);
  }
  return held;
}

}  // namespace runner
