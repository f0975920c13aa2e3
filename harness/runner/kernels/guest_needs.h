// SPDX-License-Identifier: GPL-2.0-only
// What a guest needs of a kernel that was not built for it, and which modules it loads for that.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "filesystems/filesystem.h"
#include "runner/kernels/shipped_kernel.h"

namespace runner {

struct GuestModule {
  std::filesystem::path file;  // may be compressed
  bool needed = true;          // false: what fails to load is no news
  std::string parameters = {};
};

struct GuestNeeds {
  std::vector<GuestModule> modules;  // in the order in which they load
  // What the kernel is known to lack, a line each, with the name of the configuration option. What
  // is not known beforehand is not here; the guest tells it.
  std::vector<std::string> lacking;
  std::string lacking_filesystem;  // the same for the filesystem; empty: it is there, or not known
};

// filesystem: the one below the overlay. Throws Failure (environment).
GuestNeeds needsOf(const KernelFiles& kernel, const filesystems::Filesystem& filesystem);

}  // namespace runner
