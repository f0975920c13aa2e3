// SPDX-License-Identifier: GPL-2.0
// LinkedTree: a second work tree of a repository, for what takes a while and may fail. What lies in
// the user's own is not touched meanwhile.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "series/export/git_tree.h"

namespace runner {

class LinkedTree {
 public:
  // Checks that commit out in a new directory. Throws Failure (environment) with what git said.
  LinkedTree(const GitTree& main, const std::filesystem::path& directory,
             const std::string& commit);
  LinkedTree(const LinkedTree&) = delete;
  LinkedTree& operator=(const LinkedTree&) = delete;
  // Also after an interruption.
  ~LinkedTree();

  // Removes what a process that was killed has left in the repository: work trees whose
  // directories, below `above`, are gone, the branches that were checked out there and never handed
  // over, and `passing`, which is a branch for the time in between only. Nobody else may be at it.
  static void removeLeftOver(const GitTree& main, const std::filesystem::path& above,
                             const std::string& passing);

  const GitTree& tree() const { return tree_; }
  // A branch that is to go with it, unless it is handed over.
  void owns(const std::string& branch) { branches_.push_back(branch); }
  // Ends this tree, and checks a branch of it out in the user's. Throws Failure (environment) when
  // something is in the way there; the branch stays.
  void handOver(const std::string& branch);

 private:
  void remove() noexcept;

  const GitTree& main_;
  const std::filesystem::path repository_;  // asked in time: after an interruption git is not
  const GitTree tree_;
  std::vector<std::string> branches_;
};

}  // namespace runner
