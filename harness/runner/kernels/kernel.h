// SPDX-License-Identifier: GPL-2.0-only
// From a kernel's name to a bootable image: source, series, configuration, build, cache.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "architectures/architecture.h"
#include "qemu/machine.h"
#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/identity.h"
#include "runner/kernels/shipped_kernel.h"

namespace runner {

struct KernelRequest {
  // A tree of kernel-overlay/trees.toml, or a path: a directory with kernel source, a source
  // tarball, an image, a package. A path has a slash in it or exists.
  std::string tree = "mainline";
  // For source of the user's own: the tree of ours whose series goes on a copy of it; empty: it is
  // built as it is.
  std::string apply = {};
  bool series_on = true;          // ignored for the user's own kernel as it is
  std::vector<std::string> with;  // only these series of the tree; empty: all
  // Only that many patches of the series, the first ones; at least one. Unset: all.
  std::optional<std::size_t> first_patches = {};
  std::filesystem::path mutant;  // a wrong patch on top of our tree's series; usually empty
  // What to add to the configuration: "debug" is KASAN, lockdep and the like, "distro" what
  // distributions set; empty is nothing. The user's own image stays as it is.
  std::string lane;
  bool smp = false;  // for several processors, which slows User-Mode Linux down
  // What it is built for; ignored for the user's own image, which determines its own.
  const architectures::Architecture* architecture = &architectures::um();
  std::filesystem::path modules;  // of the user's own image or package, as --modules; may be empty
  std::filesystem::path project;  // the checkout: patches/ and kernel-overlay/ are read there
};

struct Kernel {
  std::filesystem::path image;
  qemu::Machine machine;  // what the image needs
  bool own = false;       // the user's own as it is, without our series
  KernelIdentity identity;
  std::vector<std::string> left_out;  // requirements that do not apply to its tree
  KernelFiles files;                  // only of an image or a package of the user's own
};

// Provides the image, from the cache or by building it. Two runs may request the same one at once.
// Throws Failure: usage (unknown tree, wrong machine for an image), build (patch, config, compile:
// with the first error), environment (archive, disk full, missing tool), and Interrupted.
Kernel provideKernel(const KernelRequest& request, const Cache& cache, Progress& progress);

// Removes cached images of mutants of that tree and series that are not in `names`.
void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                   const Cache& cache);

// Provides only the source of one of our trees, or a copy of the user's own that a series is
// applied to, with the series if that is on. It belongs to the cache and must not be written to.
// Throws as provideKernel() does.
std::filesystem::path provideSource(const KernelRequest& request, const Cache& cache,
                                    Progress& progress);

}  // namespace runner
