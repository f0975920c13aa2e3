// SPDX-License-Identifier: GPL-2.0
// Build: configures and compiles a kernel out of tree.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/architecture.h"
#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "sys/child_process.h"

namespace runner {

// How the kernel's own make is called, and with which compiler.
struct KernelMake {
  std::filesystem::path source;     // nothing is written into it
  std::filesystem::path directory;  // O=
  std::string architecture;         // ARCH=: Architecture::name or Architecture::narrow
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

struct BuildRequest {
  std::filesystem::path source;     // nothing is written into it
  std::filesystem::path directory;  // O=; what is there from an earlier build is used
  std::vector<std::filesystem::path> fragments;
  // Changes with everything but the fragments that the configuration hangs on, Kconfig files and
  // compiler; as long as it is the same, an earlier configuration stays. Empty: it is made anew.
  std::string configuration_key = {};
  const architectures::Architecture& architecture;
  // A kernel that is the user's: what its version doesn't know of the fragments is a note, and its
  // name keeps what it says about local changes.
  bool own = false;
  std::string name;  // for progress: "linux 7.3.4 with a-syncfs"
};

struct BuiltKernel {
  std::filesystem::path image;  // without debug information, in the build directory
  std::filesystem::path config;
  std::string release;  // what `uname -r` will say
};

// Throws Failure: build (an option that got lost, the compile's first error), environment (a
// missing tool, a full disk), and Interrupted.
BuiltKernel buildKernel(const BuildRequest& request, const Cache& cache, Progress& progress);

}  // namespace runner
