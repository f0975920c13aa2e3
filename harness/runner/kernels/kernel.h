// SPDX-License-Identifier: GPL-2.0
// From the name of a kernel to an image that boots: source, series, configuration, build, cache.
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

namespace runner {

struct KernelRequest {
  // A tree of kernel-overlay/trees.toml, or a path: a directory with kernel source, a source
  // tarball, an image. A path has a slash in it or exists.
  std::string tree = "mainline";
  bool series_on = true;  // of no meaning for the user's own image, source directory or tarball
  std::vector<std::string> with;  // only these series of the tree; empty: all
  // Only so many patches of the series, the first ones, at least one; nothing: all.
  std::optional<std::size_t> first_patches = {};
  std::filesystem::path
      mutant;          // a wrong patch on top of the series; of our trees only, mostly empty
  bool debug = false;  // with KASAN, lockdep and the like; the user's own image stays as it is
  bool smp = false;    // for several processors, which User-Mode Linux is slower with
  // What it is built for; the user's own image tells by itself.
  const architectures::Architecture* architecture = &architectures::um();
  std::filesystem::path project;  // the checkout: patches/ and kernel-overlay/ are read there
};

struct Kernel {
  std::filesystem::path image;
  qemu::Machine machine;  // what the image needs
  bool own = false;       // the user's: no series of ours on it
  KernelIdentity identity;
  std::vector<std::string> left_out;  // requirements that are not for its tree
};

// Gives the image, from the cache or by building it. Two runs may ask for the same one at the same
// time. Throws Failure: usage (unknown tree, wrong machine for an image), build (patch, config,
// compile: with the first error), environment (archive, disk full, missing tool), and Interrupted.
Kernel provideKernel(const KernelRequest& request, const Cache& cache, Progress& progress);

// Removes the images of mutants of that tree and series that are none of those named any more.
void forgetMutants(const KernelRequest& request, const std::vector<std::string>& names,
                   const Cache& cache);

// Gives only the source of one of our trees, unpacked, with its series if that is on. It belongs to
// the cache: nobody may write there. Throws as provideKernel() does.
std::filesystem::path provideSource(const KernelRequest& request, const Cache& cache,
                                    Progress& progress);

}  // namespace runner
