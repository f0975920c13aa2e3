// SPDX-License-Identifier: GPL-2.0
// Disks: images with a fresh filesystem, made on the host with the real mkfs tools, and kept.
#pragma once

#include <filesystem>
#include <string>

#include "runner/base/cache.h"
#include "runner/base/progress.h"

namespace runner {

// A sparse raw image with that filesystem (of filesystems::names()), from the cache or made now;
// the key is the mkfs tool's version and options. Guests attach it read-only. Throws Failure
// (environment) that names the Debian package when the mkfs tool is missing, when it fails or when
// the disk is full.
std::filesystem::path provideDisk(const std::string& filesystem, const Cache& cache,
                                  Progress& progress);

}  // namespace runner
