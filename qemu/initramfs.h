// SPDX-License-Identifier: GPL-2.0-only
// The initramfs: one static program as /init and the few nodes and directories that it needs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace qemu {

// One more file in the archive, with mode 0755.
struct PackedFile {
  std::string path;  // "script", or in a directory of the root: "bin/busybox"
  std::filesystem::path source;
};

// Writes a cpio archive ("newc", not compressed) with `program` as /init (mode 0755), the
// directories /dev, /proc, /sys, /tmp, the nodes /dev/console and /dev/null, and `more`. Needs no
// root. Replaces the file atomically. Throws SetupError.
void writeInitramfs(const std::filesystem::path& program, const std::filesystem::path& archive,
                    const std::vector<PackedFile>& more = {});

}  // namespace qemu
