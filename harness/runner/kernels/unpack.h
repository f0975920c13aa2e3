// SPDX-License-Identifier: GPL-2.0-only
// Unpacking: kernel source from a tarball or a Debian package.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "runner/base/progress.h"

namespace runner {

// Whether a file is, by its content, an archive that these functions read: tar, plain or compressed
// with xz, gzip, zstd or bzip2, and with something in it.
bool isTarball(const std::filesystem::path& file);
// The program that decompresses a file, whatever is in it: "gzip"; empty: it is not compressed.
std::string compressorOf(const std::filesystem::path& file);

// Extracts the contents of a tarball's top directory ("linux-7.3.4/") into `into`, except the files
// that `wanted` rejects (names without the top directory). Modification times are those in the
// tarball. Throws Failure (environment) if it is damaged or the disk is full.
void unpackTarball(const std::filesystem::path& tarball, const std::filesystem::path& into,
                   const std::function<bool(std::string_view)>& wanted, Progress& progress);

// Copies those of the regular files that a source directory or a tarball has into `into`. Throws as
// unpackTarball() does.
void takeFilesFrom(const std::filesystem::path& source, const std::set<std::string>& files,
                   const std::filesystem::path& into, Progress& progress);

// Extracts one file from a Debian binary package: the one whose path ends with `name_end`. Throws
// Failure (environment) if there is none.
void unpackFromPackage(const std::filesystem::path& package, std::string_view name_end,
                       const std::filesystem::path& into, Progress& progress);

// Whether a build for a known architecture may need a file of the kernel source. About two thirds
// of the source, mostly drivers, are never read; Kconfig and make need their own files everywhere.
bool neededForBuild(std::string_view name);

// What it keeps although no build reads it, because series may change it.
inline constexpr std::string_view kErrseqDocument = "Documentation/core-api/errseq.rst";

}  // namespace runner
