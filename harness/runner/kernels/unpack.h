// SPDX-License-Identifier: GPL-2.0
// Unpacking: kernel source out of a tarball or out of a Debian package.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "runner/base/progress.h"

namespace runner {

// Whether a file is an archive that these functions read, by its content: tar, plain or compressed
// with xz, gzip, zstd or bzip2.
bool isTarball(const std::filesystem::path& file);

// Writes what is in a tarball's top directory ("linux-7.3.4/") into `into`, except the files that
// `wanted` turns down (names without the top directory). Times of change are those in the tarball.
// Throws Failure: environment when it is damaged or the disk is full.
void unpackTarball(const std::filesystem::path& tarball, const std::filesystem::path& into,
                   const std::function<bool(std::string_view)>& wanted, Progress& progress);

// Takes one file out of a Debian binary package: the one whose path ends with `name_end`. Throws
// Failure (environment) when there is none.
void unpackFromPackage(const std::filesystem::path& package, std::string_view name_end,
                       const std::filesystem::path& into, Progress& progress);

// Whether a build for an architecture that is known can need a file of the kernel's source. Some
// two thirds of it, drivers mostly, are read by nobody here; Kconfig and make want to see their own
// files everywhere.
bool neededForBuild(std::string_view name);

}  // namespace runner
