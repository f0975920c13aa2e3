// SPDX-License-Identifier: GPL-2.0
// Source: the newest release of a tree, found in Debian's archive and kept in the cache.
#pragma once

#include <chrono>
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

struct Source {
  std::string release;      // "7.3.4"
  std::string description;  // "linux 7.3.4-1~bpo13+1, pristine"
  std::string hash;         // SHA-256 of the tarball
  std::filesystem::path tarball;
};

// How to reach Debian's archive; the tests have one of their own.
struct ArchiveAccess {
  std::vector<Mirrors> mirrors;  // tried in this order
  std::filesystem::path keyring = Archive::kKeyring;
  // The machine's mirror first, then deb.debian.org.
  static ArchiveAccess standard();
};

// Holds a tree for itself; who has to wait for another run is told so. tree: "6.12.y", or another
// name of what is made.
CacheLock lockTree(const std::string& tree, const Cache& cache, Progress& progress);

// For how long an answer of the archive is good.
constexpr std::chrono::hours kAnswerIsGoodFor{24};

// What the last look into the archive found, if that is younger than kAnswerIsGoodFor and
// trees.toml still asks for the same. Costs no network; the tarball may be gone from the cache
// meanwhile.
std::optional<Source> rememberedSource(const Tree& tree, const Cache& cache);

// Looks into the archive and downloads the newest release, unless the cache has it. The pristine
// tarball is taken whenever the archive delivers it. Without a network, what is in the cache has to
// do, with a note. Throws Failure (environment). The caller holds the tree's lock.
Source fetchSource(const Tree& tree, const Cache& cache, Progress& progress,
                   const ArchiveAccess& access = ArchiveAccess::standard());

// The source that is good now, remembered or looked for, with its tarball there. Throws as
// fetchSource() does. The caller holds the tree's lock.
Source availableSource(const Tree& tree, const Cache& cache, Progress& progress);

}  // namespace runner
