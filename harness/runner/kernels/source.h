// SPDX-License-Identifier: GPL-2.0-only
// Source: the newest release of a tree, found in Debian's archive and kept in the cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/archive.h"
#include "runner/kernels/trees.h"

namespace runner {

// What the source of a release and a first build of it take in the cache.
inline constexpr std::uintmax_t kEverythingBytes = 2000u << 20;

struct Source {
  std::string release;      // "7.3.4"
  std::string description;  // "linux 7.3.4-1~bpo13+1, pristine"
  std::string hash;         // SHA-256 of the tarball
  std::filesystem::path tarball;
};

// How to reach Debian's archive; the tests use their own.
struct ArchiveAccess {
  std::vector<Mirrors> mirrors;  // tried in this order
  std::filesystem::path keyring = Archive::kKeyring;
  // The host's mirror first, then deb.debian.org.
  static ArchiveAccess standard();
};

// Locks a tree; tells the user if it has to wait for another run. tree: "6.12.y", or another name
// for what is made.
CacheLock lockTree(const std::string& tree, const Cache& cache, Progress& progress);

// How long an answer of the archive stays valid.
constexpr std::chrono::hours kAnswerIsGoodFor{24};

// The archive's last answer, if it is younger than kAnswerIsGoodFor and trees.toml still asks for
// the same. Uses no network; the tarball may have been removed from the cache.
std::optional<Source> rememberedSource(const Tree& tree, const Cache& cache);

// Asks the archive and downloads the newest release, unless the cache has it. The pristine tarball
// is preferred if the archive has it. Without a network, the cached release is used, with a note.
// Throws Failure (environment). The caller holds the tree's lock.
Source fetchSource(const Tree& tree, const Cache& cache, Progress& progress,
                   const ArchiveAccess& access = ArchiveAccess::standard());

// The current source, remembered or fetched, with its tarball in the cache. Throws as fetchSource()
// does. The caller holds the tree's lock.
Source availableSource(const Tree& tree, const Cache& cache, Progress& progress);

}  // namespace runner
