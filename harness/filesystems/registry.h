// SPDX-License-Identifier: GPL-2.0
// The registry: every filesystem that this project knows, and what else differs between kernels.
#pragma once

#include <string>
#include <vector>

#include "filesystems/filesystem.h"

namespace filesystems {

// In the order of every list. The first is what a command with one disk takes if none is named.
const std::vector<Filesystem>& all();
// Their names.
const std::vector<std::string>& names();
// Nothing if there is none of that name.
const Filesystem* find(const std::string& name);
// Throws std::out_of_range, which names those that there are. What a user types is looked up with
// find() before.
const Filesystem& get(const std::string& name);

// The quirks of overlayfs, the VFS and User-Mode Linux, whatever filesystem is below.
const std::vector<Quirk>& kernelQuirks();

}  // namespace filesystems
