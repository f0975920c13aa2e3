// SPDX-License-Identifier: GPL-2.0
// The image cache: kernels that were built, each with its configuration and what it was built from.
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

  // What the entry `name` holds. Nothing when there is none, or when it is damaged: then
  // on_damage gets a sentence that says how. A file whose size and time are as they were is taken
  // as it is, another one is hashed.
  std::optional<KernelIdentity> find(
      const std::string& name, const std::function<void(const std::string&)>& on_damage = {}) const;

  // Keeps copies of an image and its configuration under that name, in place of what is there;
  // returns the identity with `image` set to the copy. All or nothing, also when the machine goes
  // down in between. No more than `kept` entries whose names begin with `family` stay.
  KernelIdentity keep(const std::string& name, const std::string& family,
                      const std::filesystem::path& image, const std::filesystem::path& config,
                      KernelIdentity identity, std::size_t kept = kKept) const;

  // Removes the entries of mutants that are none of these. beginning: of the entries of all.
  void forgetMutants(const std::string& beginning, const std::vector<std::string>& names) const;

  static constexpr std::size_t kKept = 5;

 private:
  // Those whose names begin like that, oldest first.
  std::vector<std::filesystem::path> entries(const std::string& beginning) const;

  std::filesystem::path root_;
};

}  // namespace runner
