// SPDX-License-Identifier: GPL-2.0-only
// The registry: every filesystem that this project knows, and what else differs between kernels.
#pragma once

#include <string>
#include <vector>

#include "filesystems/filesystem.h"

namespace filesystems {

// In the order of every list. The first is the default of a command with one disk.
const std::vector<Filesystem>& all();
// Their names.
const std::vector<std::string>& names();
// Those that run only by name: other filesystems, and other ways to make and mount one. Their
// kernel has a configuration lane of its own.
const std::vector<Filesystem>& profiles();
inline constexpr const char* kProfileLane = "profiles";
bool isProfile(const std::string& name);
// What stands before the colon in their names: "ext4".
std::vector<std::string> namesWithProfiles();
// The quirks of a profile that the filesystem of its name has not.
std::vector<Quirk> ownQuirks(const Filesystem& profile);
// The names of all() and profiles().
const std::vector<std::string>& everyName();
// Null if there is none of that name. A profile has its pointer, too.
const Filesystem* find(const std::string& name);
// Throws std::out_of_range, which lists the known names. User input is looked up with find() first.
const Filesystem& get(const std::string& name);

// The quirks of overlayfs, the VFS and User-Mode Linux, whatever filesystem is below.
const std::vector<Quirk>& kernelQuirks();

}  // namespace filesystems
