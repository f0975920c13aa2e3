// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/own_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <vector>

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBeginning = "own-";
constexpr std::size_t kDigits = 12;  // of the hash in a name
constexpr std::size_t kKept = 3;     // sources, the current one among them
constexpr std::chrono::hours kUnused{24};

// The names of all sources that have been used, the latest use first. Their locks tell: holdOwn()
// touches them, and they stay.
std::vector<std::pair<fs::file_time_type, std::string>> usedSources(const Cache& cache) {
  std::vector<std::pair<fs::file_time_type, std::string>> used;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(cache.directory("locks"), error)) {
    const std::string name = entry.path().stem();
    if (!name.starts_with(kBeginning) || name.size() != kBeginning.size() + kDigits) continue;
    used.emplace_back(fs::last_write_time(entry, error), name);
  }
  std::ranges::sort(used, std::greater<>());
  return used;
}

void forget(const std::string& name, const Cache& cache) {
  for (const char* kind : {"source", "build", "images"}) {
    // No entry has this name, so none stays.
    removeBeside(cache.directory(kind) / ".", name);
  }
}

}  // namespace

std::string ownNameOf(const OwnKernel& source) {
  const bool directory = source.kind == OwnKernel::Kind::sourceDirectory;
  const std::string hash = directory ? hashOfText(source.path.string()) : hashOfFile(source.path);
  return std::string(kBeginning) + hash.substr(0, kDigits);
}

CacheLock holdOwn(const OwnKernel& source, const Cache& cache, Progress& progress) {
  const std::string name = ownNameOf(source);
  CacheLock held = cache.lock(name, [&] {
    progress.remark(fmt::format("another run is working on {}: waiting for it to finish",
                                source.path.string()));
  });
  const auto now = fs::file_time_type::clock::now();
  std::error_code error;
  fs::last_write_time(cache.directory("locks") / (name + ".lock"), now, error);
  const auto used = usedSources(cache);
  for (std::size_t i = kKept; i < used.size(); ++i) {
    const auto& [time, other] = used[i];
    if (now - time < kUnused) continue;
    if (const auto free = cache.tryLock(other)) forget(other, cache);
  }
  return held;
}

}  // namespace runner
