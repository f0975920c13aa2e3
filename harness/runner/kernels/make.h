// SPDX-License-Identifier: GPL-2.0
// How the kernel's own make is called, and with which compiler.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"
#include "runner/base/cache.h"
#include "sys/child_process.h"

namespace runner {

struct KernelMake {
  std::filesystem::path source;  // nothing is written into it
  std::filesystem::path folder;  // O=
  std::string architecture;      // ARCH=: Architecture::name or Architecture::narrow
  std::string compiler_prefix = {};
};

// The one of QEMU's that the host's programs are for. Throws Failure (environment) with the host's
// name when that is not known.
const architectures::Architecture& hostArchitecture();

// Where one of the programs that compile kernels of this architecture is: "gcc", "ld", "strip".
// Throws Failure (environment) that names the Debian package.
std::string compilerTool(const architectures::Architecture& architecture, const std::string& name);

// The compiler for kernels of this architecture and its target, as `gcc -v` names them. Throws
// Failure (environment) when there is none.
std::string compilerIdentity(const architectures::Architecture& architecture);

// make with these targets and variables. What the caller's environment says about other builds does
// not leak into it, two builds of the same thing are the same, and what was compiled once is found
// again in the cache. Throws Failure (environment) without make.
sys::Command makeCommand(const KernelMake& make, const std::vector<std::string>& targets,
                         const Cache& cache);

// "  CC      fs/ext4/inode.o" -> "fs/ext4/inode.o": how make reports a file that it makes; empty
// for any other line.
std::string_view madeFile(std::string_view line);

// The first error in the output of make, with the lines that explain it; empty when there is none.
std::string firstError(const std::vector<std::string>& log);

}  // namespace runner
