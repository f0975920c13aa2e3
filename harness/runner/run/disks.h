// SPDX-License-Identifier: GPL-2.0-only
// Disks: images with a fresh filesystem, created on the host by the real mkfs tools and cached.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "filesystems/filesystem.h"
#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

// A sparse raw image with that filesystem (one of filesystems::names()), from the cache or created
// now; the key is the mkfs tool's version and options. Guests attach it read-only. Throws Failure
// (environment) when the mkfs tool is missing, naming its Debian package, when it fails, or when
// the host's disk is full.
std::filesystem::path provideDisk(const std::string& filesystem, const Cache& cache,
                                  Progress& progress);

// The command that makes such a filesystem here, without its last argument, the file: `env` with
// the environment, the program, and its options. Throws Failure (environment) when the program is
// missing.
std::vector<std::string> mkfsCommand(const filesystems::Mkfs& mkfs);

}  // namespace runner
