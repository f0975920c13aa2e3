// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/trees.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/base/failure.h"

namespace runner {

namespace fs = std::filesystem;

std::vector<fs::path> Tree::fragments(const architectures::Architecture& architecture, bool debug,
                                      bool smp) const {
  const Fragments& those = config.at(architecture.name);
  std::vector<fs::path> all = those.plain;
  if (smp) all.insert(all.end(), those.smp.begin(), those.smp.end());
  if (debug && those.debug.empty()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--debug: kernel-overlay/trees.toml names no \"debug\" configuration "
                              "for the tree {}",
                              name));
  }
  if (debug) all.insert(all.end(), those.debug.begin(), those.debug.end());
  return all;
}

void Tree::keepSeries(const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> known;
  for (const fs::path& folder : series) known.push_back(folder.filename().string());
  for (const std::string& wanted : names) {
    if (std::find(known.begin(), known.end(), wanted) != known.end()) continue;
    throw Failure(ExitStatus::usage, fmt::format("'{}' is no series of {}. It has {}", wanted, name,
                                                 fmt::join(known, ", ")));
  }
  std::erase_if(series, [&](const fs::path& folder) {
    return std::find(names.begin(), names.end(), folder.filename().string()) == names.end();
  });
}

std::optional<Tree> Tree::withTest(const std::string& name) const {
  for (const fs::path& folder : tests) {
    if (folder.filename() != name) continue;
    Tree tree = *this;
    tree.series = {folder};
    tree.tests.clear();
    tree.is_test = true;
    return tree;
  }
  return std::nullopt;
}

const Tree* Trees::find(const std::string& name) const {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Tree& tree) { return tree.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const Tree& Trees::named(const std::string& name) const {
  if (const Tree* tree = find(name)) return *tree;
  throw Failure(ExitStatus::usage,
                fmt::format("there is no tree \"{}\": known are {}", name, names()));
}

std::vector<std::string> Trees::guards() const {
  std::vector<std::string> all_guards;
  for (const SeriesEntry& entry : series) {
    all_guards.insert(all_guards.end(), entry.guards.begin(), entry.guards.end());
  }
  return all_guards;
}

std::string Trees::names() const {
  std::string text;
  for (const Tree& tree : all) text += (text.empty() ? "" : ", ") + tree.name;
  return text;
}

}  // namespace runner
