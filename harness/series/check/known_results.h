// SPDX-License-Identifier: GPL-2.0
// KnownResults: what earlier runs of `series check` found, by what it was found of.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/base/cache.h"

namespace runner {

class KnownResults {
 public:
  explicit KnownResults(const Cache& cache) : folder_(cache.folder("series-check")) {}

  // A key for everything that a result hangs on.
  static std::string keyOf(const std::vector<std::string>& parts);

  std::optional<nlohmann::json> find(const std::string& key) const;
  void keep(const std::string& key, const nlohmann::json& result) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace runner
