// SPDX-License-Identifier: GPL-2.0-only
#include "series/check/checked_tree.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "runner/base/cache.h"
#include "runner/base/failure.h"

namespace runner {

FixedSeries::FixedSeries(const std::vector<std::filesystem::path>& directories)
    : series_(readSeries(directories)) {
  for (const auto& patch : patches()) texts_.push_back(readFile(patch));
  for (std::size_t count = 0; count <= size(); ++count) {
    hashes_.push_back(firstPatches(series_, count).hash);
  }
  requireUnchanged();
}

void FixedSeries::requireUnchanged() const {
  for (std::size_t index = 0; index != size(); ++index) {
    if (readFile(patches()[index]) == text(index)) continue;
    throw Failure(ExitStatus::build,
                  fmt::format("{} was changed while it was being checked: start again "
                              "once it no longer changes",
                              patches()[index].string()));
  }
}

std::string KnownResults::keyOf(const std::vector<std::string>& parts) {
  // Part of every key; change it whenever the same input would be judged differently.
  std::string text = "5";
  for (const std::string& part : parts) text += '\n' + hashOfText(part);
  return hashOfText(text);
}

std::optional<nlohmann::json> KnownResults::find(const std::string& key) const {
  std::ifstream in(directory_ / (key + ".json"));
  if (!in) return std::nullopt;
  auto json = nlohmann::json::parse(in, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

void KnownResults::keep(const std::string& key, const nlohmann::json& result) const {
  writeFileAtomically(directory_ / (key + ".json"), result.dump() + '\n');
}

}  // namespace runner
