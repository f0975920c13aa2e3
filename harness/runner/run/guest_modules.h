// SPDX-License-Identifier: GPL-2.0-only
// What the machines of a kernel as it is shipped need besides it: its modules, in an initramfs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "qemu/initramfs.h"
#include "runner/kernels/guest_needs.h"
#include "runner/kernels/kernel.h"

namespace runner {

// By filesystem. Empty for a kernel that is built for its guests, with everything built in. Throws
// Failure (error) with one list of all that the kernel is known to lack if no case could run on any
// of the filesystems.
std::map<std::string, GuestNeeds> needsOf(const Kernel& kernel,
                                          const std::vector<std::string>& filesystems);

// Writes the modules, uncompressed, and the list for the guest into a new directory. Throws Failure
// (environment).
std::vector<qemu::PackedFile> packModules(const GuestNeeds& needs,
                                          const std::filesystem::path& directory);

}  // namespace runner
