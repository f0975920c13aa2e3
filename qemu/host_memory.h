// SPDX-License-Identifier: GPL-2.0-only
// How much memory this process and its children may still use.
#pragma once

#include <cstdint>
#include <filesystem>

namespace qemu {

// In MiB: what the kernel can hand out without killing anything, swap included, or what is left of
// the limit of a memory cgroup that this process is in, whichever is less. Page cache counts as
// free. proc and cgroups: where these filesystems are mounted. A file that cannot be read imposes
// no limit.
std::uint64_t availableMegabytes(const std::filesystem::path& proc = "/proc",
                                 const std::filesystem::path& cgroups = "/sys/fs/cgroup");

}  // namespace qemu
