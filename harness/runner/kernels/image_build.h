// SPDX-License-Identifier: GPL-2.0-only
// ImageBuild: what the kernels of our trees and the user's own have in common: the configuration,
// the key of an image, its build, its entry in the cache.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/progress.h"
#include "runner/kernels/build.h"
#include "runner/kernels/image_cache.h"
#include "runner/kernels/kernel.h"
#include "runner/kernels/trees.h"

namespace runner {

class ImageBuild {
 public:
  // Digits of a hash in a name.
  static constexpr std::size_t kKeyLength = 12;

  // tree: its configuration is used; copied. Throws Failure as Tree::fragments() and
  // compilerIdentity() do.
  ImageBuild(const KernelRequest& request, const Tree& tree, const Cache& cache,
             Progress& progress);

  // SHA-256 of everything that determines the image, which a comment in a fragment does not.
  std::string keyOf(const std::string& source_hash, const std::string& series_hash) const;
  // "uml", "smp-uml", "debug-qemu": no name in the cache is the prefix of another.
  const std::string& machineLabel() const { return machine_label_; }
  const std::string& compiler() const { return compiler_; }

  // The cache entry of that name; quiet: without a note if it is damaged.
  std::optional<KernelIdentity> cached(const std::string& name, bool quiet = false) const;
  // Builds the kernel and stores the image in the cache under that name. Keeps some images whose
  // names begin with `family`.
  KernelIdentity build(const std::string& entry, const std::string& family,
                       const BuildRequest& request, KernelIdentity identity) const;
  // A request without a source.
  BuildRequest request(std::string name) const;

  Kernel result(KernelIdentity identity, bool own, std::vector<std::string> left_out = {}) const;

 private:
  const KernelRequest& request_;
  const Cache& cache_;
  Progress& progress_;
  ImageCache images_;
  std::string compiler_;
  std::vector<std::filesystem::path> fragments_;
  std::string machine_label_;
};

}  // namespace runner
