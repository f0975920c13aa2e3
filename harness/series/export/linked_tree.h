// SPDX-License-Identifier: GPL-2.0-only
// LinkedTree: a second work tree of a repository, for work that takes a while and may fail. The
// user's own work tree is not touched meanwhile.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "series/export/git_tree.h"

namespace runner {

class LinkedTree {
 public:
  // Checks out that commit in a new directory. Throws Failure (environment) with what git said.
  LinkedTree(const GitTree& main, const std::filesystem::path& directory,
             const std::string& commit);
  LinkedTree(const LinkedTree&) = delete;
  LinkedTree& operator=(const LinkedTree&) = delete;
  // Works after an interruption, too.
  ~LinkedTree();

  // Removes what a killed process left in the repository: work trees whose directories, below
  // `above`, are gone, the branches that were checked out there and never handed over, and the
  // temporary branch `passing`. Nobody else may use them.
  static void removeLeftOver(const GitTree& main, const std::filesystem::path& above,
                             const std::string& passing);

  const GitTree& tree() const { return tree_; }
  // A branch to remove with this tree, unless it is handed over.
  void owns(const std::string& branch) { branches_.push_back(branch); }
  // Removes this tree and checks out one of its branches in the user's. Throws Failure
  // (environment) if something is in the way there; the branch stays.
  void handOver(const std::string& branch);

 private:
  void remove() noexcept;

  const GitTree& main_;
  const std::filesystem::path repository_;  // asked early: git does not run after an interruption
  const GitTree tree_;
  std::vector<std::string> branches_;
};

}  // namespace runner
