// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/trees.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/kernels/own_kernel.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAll = "all";

std::vector<std::string> ourNames(const Trees& trees) {
  std::vector<std::string> names;
  for (const Tree& tree : trees.all) {
    if (!tree.distribution()) names.push_back(tree.name);
  }
  return names;
}

void requireTree(const std::string& text, const std::string& name, const Trees& trees) {
  if (name.empty()) {
    throw Failure(ExitStatus::usage, "--tree '{}': an empty name in the list", text);
  }
  if (trees.find(name) != nullptr || isOwnKernel(name)) return;
  throw Failure(ExitStatus::usage,
                "there is no tree \"{}\". {}Known trees: {}; or give the path of a kernel or "
                "its source",
                name, didYouMean(name, ourNames(trees)), trees.names());
}

// The same for all ways to name the same tree.
std::string identityOf(const std::string& name, const Trees& trees) {
  if (trees.find(name) != nullptr) return name;
  const fs::path path = fs::absolute(name).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();
}

// The title of the user's own kernel: its file name, with a number appended if that is taken.
// Titles name directories beside the files matrix.txt and matrix.json.
std::string titleFor(const std::string& identity, const Trees& trees,
                     const std::vector<NamedTree>& others) {
  const auto is_taken = [&](const std::string& title) {
    return title == "matrix.txt" || title == "matrix.json" || trees.find(title) != nullptr ||
           std::ranges::count(others, title, &NamedTree::title) != 0;
  };
  const std::string file = fs::path(identity).filename().string();
  std::string title = file;
  for (int number = 2; is_taken(title); ++number) title = fmt::format("{}-{}", file, number);
  return title;
}

}  // namespace

std::vector<fs::path> Tree::fragments(const architectures::Architecture& architecture,
                                      const std::string& lane, bool smp) const {
  const Fragments& those = config.at(architecture.name);
  std::vector<fs::path> all = those.plain;
  if (smp) all.insert(all.end(), those.smp.begin(), those.smp.end());
  if (lane.empty()) return all;
  const auto more = those.lanes.find(lane);
  if (more == those.lanes.end() || more->second.empty()) {
    throw Failure(
        ExitStatus::usage,
        "--{0}: kernel-overlay/trees.toml names no \"{0}\" configuration for the tree {1}", lane,
        name);
  }
  all.insert(all.end(), more->second.begin(), more->second.end());
  return all;
}

bool Tree::applies(std::string_view name) const {
  return std::ranges::any_of(series, [&](const fs::path& each) { return each.filename() == name; });
}

void Tree::keepSeries(const std::vector<std::string>& names) {
  if (names.empty()) return;
  series.insert(series.end(), drafts.begin(), drafts.end());
  for (const std::string& wanted : names) {
    if (!of_drafts.contains(wanted)) continue;
    for (const std::string& id : of_drafts.at(wanted)) std::erase(left_out, id);
  }
  std::vector<std::string> known;
  for (const fs::path& directory : series) known.push_back(directory.filename().string());
  for (const std::string& wanted : names) {
    if (std::ranges::count(known, wanted) != 0) continue;
    throw Failure(ExitStatus::usage, "'{}' is not a series of {}. It has {}", wanted, name,
                  fmt::join(known, ", "));
  }
  std::erase_if(series, [&](const fs::path& directory) {
    return std::ranges::count(names, directory.filename().string()) == 0;
  });
}

std::optional<Tree> Tree::withTest(const std::string& name) const {
  for (const fs::path& directory : tests) {
    if (directory.filename() != name) continue;
    Tree tree = *this;
    tree.series = {directory};
    tree.tests.clear();
    tree.is_test = true;
    return tree;
  }
  return std::nullopt;
}

const Tree* Trees::find(const std::string& name) const {
  const auto found = std::ranges::find(all, name, &Tree::name);
  return found == all.end() ? nullptr : &*found;
}

const Tree& Trees::named(const std::string& name) const {
  if (const Tree* tree = find(name)) return *tree;
  throw Failure(ExitStatus::usage, "there is no tree \"{}\". Known trees: {}", name, names());
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

bool namesSeveralTrees(const std::string& text) {
  std::error_code error;
  return text == kAll || (text.contains(',') && !fs::exists(text, error));
}

std::vector<NamedTree> chooseTrees(const std::string& text, const Trees& trees) {
  if (!namesSeveralTrees(text)) return {{text, text, trees.find(text) == nullptr}};
  std::vector<std::string> identities;
  std::vector<NamedTree> chosen;
  for (const std::string& word : splitAtCommas(text)) {
    if (word != kAll) requireTree(text, word, trees);
    for (const std::string& name : word == kAll ? ourNames(trees) : std::vector{word}) {
      const std::string identity = identityOf(name, trees);
      if (std::ranges::count(identities, identity) != 0) continue;
      identities.push_back(identity);
      const bool own = trees.find(name) == nullptr;
      chosen.push_back({name, own ? titleFor(identity, trees, chosen) : name, own});
    }
  }
  if (chosen.empty())
    throw Failure(ExitStatus::usage, "--tree all: kernel-overlay/trees.toml lists no tree for it");
  return chosen;
}

}  // namespace runner
