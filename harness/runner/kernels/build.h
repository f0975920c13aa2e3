// SPDX-License-Identifier: GPL-2.0-only
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

// How the kernel's make is invoked, and with which compiler.
struct KernelMake {
  std::filesystem::path source;     // nothing is written into it
  std::filesystem::path directory;  // O=
  std::string architecture;         // ARCH=: Architecture::name or Architecture::narrow
  std::string compiler_prefix = {};
};

// The architecture of the host's programs, for QEMU. Throws Failure (environment) that names it if
// it is not supported.
const architectures::Architecture& hostArchitecture();

// The path of a toolchain program for this architecture: "gcc", "ld", "strip". Throws Failure
// (environment) that names the Debian package.
std::string compilerTool(const architectures::Architecture& architecture, const std::string& name);

// The compiler for kernels of this architecture and its target, as `gcc -v` names them. Throws
// Failure (environment) if it is missing.
std::string compilerIdentity(const architectures::Architecture& architecture);

// make with these targets and variables: build variables in the caller's environment have no
// effect, builds are reproducible, and ccache is used if installed. Throws Failure (environment) if
// make is missing.
sys::Command makeCommand(const KernelMake& make, const std::vector<std::string>& targets,
                         const Cache& cache);

// "  CC      fs/ext4/inode.o" -> "fs/ext4/inode.o": how make reports a file that it makes; empty
// for any other line.
std::string_view madeFile(std::string_view line);

struct BuildRequest {
  std::filesystem::path source;     // nothing is written into it
  std::filesystem::path directory;  // O=; an earlier build there is reused
  std::vector<std::filesystem::path> fragments;
  // A key of what the configuration depends on besides the fragments: Kconfig files and compiler.
  // While it is unchanged, an earlier configuration is kept. Empty: always configure again.
  std::string configuration_key = {};
  const architectures::Architecture& architecture;
  // What to call the user's own kernel in notes; empty: a kernel of ours. Of their own, options
  // that its version does not know are noted, not refused, and its release keeps the suffix for
  // local changes.
  std::string own = {};
  std::string name;  // for progress: "linux 7.3.4 with a-syncfs"
};

struct BuiltKernel {
  std::filesystem::path image;  // without debug information, in the build directory
  std::filesystem::path config;
  std::string release;  // what `uname -r` will say
};

// Throws Failure: build (a lost option, the first compile error), environment (a missing tool, a
// full disk), and Interrupted.
BuiltKernel buildKernel(const BuildRequest& request, const Cache& cache, Progress& progress);

}  // namespace runner
