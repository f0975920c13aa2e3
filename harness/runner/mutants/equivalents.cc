// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/equivalents.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "runner/base/failure.h"

namespace runner {

std::map<std::string, std::string> readEquivalents(const std::filesystem::path& file,
                                                   const std::string& wanted) {
  const auto fail = [&](const toml::source_region& where, std::string_view what) {
    return Failure(ExitStatus::usage, "{}:{}: {}", file.string(), where.begin.line, what);
  };
  std::map<std::string, std::string> reasons;
  try {
    const toml::table root = toml::parse_file(file.string());
    const toml::array* entries = root[wanted].as_array();
    if (entries == nullptr) return reasons;
    for (const toml::node& node : *entries) {
      const toml::node_view<const toml::node> entry(node);
      const auto reason = entry["reason"].value<std::string>();
      const toml::array* mutants = entry["mutants"].as_array();
      if (!reason || reason->empty()) throw fail(node.source(), "\"reason\" is missing");
      if (mutants == nullptr) throw fail(node.source(), "\"mutants\" is missing");
      for (const toml::node& mutant : *mutants) {
        const auto name = mutant.value<std::string>();
        if (!name || !reasons.emplace(*name, *reason).second) {
          throw fail(mutant.source(), "this is no name, or it is listed before");
        }
      }
    }
  } catch (const toml::parse_error& error) {
    throw fail(error.source(), error.description());
  }
  return reasons;
}

}  // namespace runner
