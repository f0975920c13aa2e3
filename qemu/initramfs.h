// SPDX-License-Identifier: GPL-2.0
// The initramfs: one static program as /init, and the few nodes and folders that it needs.
#pragma once

#include <filesystem>

namespace qemu {

// Writes a cpio archive ("newc", not compressed) with `program` as /init (mode 0755), the folders
// /dev, /proc, /sys, /tmp and the nodes /dev/console and /dev/null. Needs no root. Written to a
// temporary name and renamed, so that no reader sees half of it. Throws SetupError.
void writeInitramfs(const std::filesystem::path& program, const std::filesystem::path& archive);

}  // namespace qemu
