// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/tree_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "runner/base/failure.h"
#include "runner/base/option_words.h"
#include "runner/kernels/own_kernel.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

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
    throw Failure(ExitStatus::usage,
                  fmt::format("--tree '{}': a name between the commas is missing", text));
  }
  if (trees.find(name) != nullptr || isOwnKernel(name)) return;
  throw Failure(ExitStatus::usage,
                fmt::format("there is no tree \"{}\". {}Known are {}, and any path of a kernel or "
                            "its source",
                            name, didYouMean(name, ourNames(trees)), trees.names()));
}

// What two ways to name the same tree have in common.
std::string identityOf(const std::string& name, const Trees& trees) {
  if (trees.find(name) != nullptr) return name;
  const fs::path path = fs::absolute(name).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();
}

// Of a kernel of the user's own: the name of its file, with a number behind it when that is taken.
// Titles name folders, and beside those are the files matrix.txt and matrix.json.
std::string titleFor(const std::string& identity, const Trees& trees,
                     const std::vector<NamedTree>& others) {
  const auto is_taken = [&](const std::string& title) {
    return title == "matrix.txt" || title == "matrix.json" || trees.find(title) != nullptr ||
           std::any_of(others.begin(), others.end(),
                       [&](const NamedTree& other) { return other.title == title; });
  };
  const std::string file = fs::path(identity).filename().string();
  std::string title = file;
  for (int number = 2; is_taken(title); ++number) title = fmt::format("{}-{}", file, number);
  return title;
}

}  // namespace

bool namesSeveralTrees(const std::string& text) {
  std::error_code error;
  return text == kAll || (text.find(',') != std::string::npos && !fs::exists(text, error));
}

std::vector<NamedTree> chooseTrees(const std::string& text, const Trees& trees) {
  if (!namesSeveralTrees(text)) return {{text, text, trees.find(text) == nullptr}};
  std::vector<std::string> identities;
  std::vector<NamedTree> chosen;
  for (const std::string& word : splitAtCommas(text)) {
    if (word != kAll) requireTree(text, word, trees);
    for (const std::string& name : word == kAll ? ourNames(trees) : std::vector{word}) {
      const std::string identity = identityOf(name, trees);
      if (std::find(identities.begin(), identities.end(), identity) != identities.end()) continue;
      identities.push_back(identity);
      const bool own = trees.find(name) == nullptr;
      chosen.push_back({name, own ? titleFor(identity, trees, chosen) : name, own});
    }
  }
  if (chosen.empty()) throw Failure(ExitStatus::usage, "--tree all: there is no tree of ours");
  return chosen;
}

}  // namespace runner
