// SPDX-License-Identifier: GPL-2.0-only
// The image cache: kernels that were built, each with its configuration and identity.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/base/cache.h"
#include "runner/kernels/identity.h"

namespace runner {

class ImageCache {
 public:
  explicit ImageCache(const Cache& cache) : root_(cache.directory("images")) {}

  // The entry `name`. Nothing if it is missing or damaged; in the latter case on_damage gets a
  // message. An image with unchanged size and time is trusted, otherwise it is hashed.
  std::optional<KernelIdentity> find(
      const std::string& name, const std::function<void(const std::string&)>& on_damage = {}) const;

  // Stores copies of an image and its configuration under that name, replacing an earlier entry;
  // returns the identity with `image` set to the copy. Atomic, even across a power failure. Keeps
  // at most `kept` entries whose names begin with `family`.
  KernelIdentity keep(const std::string& name, const std::string& family,
                      const std::filesystem::path& image, const std::filesystem::path& config,
                      KernelIdentity identity, std::size_t kept = kKept) const;

  // Removes the entries of mutants that are not in `names`. beginning: common to all mutants'
  // entries.
  void forgetMutants(const std::string& beginning, const std::vector<std::string>& names) const;

  static constexpr std::size_t kKept = 5;

 private:
  // The entries whose names start with `beginning`, oldest first.
  std::vector<std::filesystem::path> entries(const std::string& beginning) const;

  std::filesystem::path root_;
};

}  // namespace runner
