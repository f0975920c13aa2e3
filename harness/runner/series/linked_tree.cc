// SPDX-License-Identifier: GPL-2.0
#include "runner/series/linked_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <system_error>

#include "runner/failure.h"

namespace runner {

LinkedTree::LinkedTree(const GitTree& main, const std::filesystem::path& folder,
                       const std::string& commit)
    : main_(main), tree_(GitTree::at(folder)) {
  try {
    main_.read({"worktree", "add", "--quiet", "--detach", folder.string(), commit});
  } catch (...) {
    remove();
    throw;
  }
}

LinkedTree::~LinkedTree() {
  remove();
  for (const std::string& branch : branches_) main_.tryToEnd({"branch", "--quiet", "-D", branch});
}

void LinkedTree::handOver(const std::string& branch) {
  remove();
  std::erase(branches_, branch);
  const std::string problem = main_.tryToEnd({"checkout", "--quiet", branch, "--"});
  if (problem.empty()) return;
  throw Failure(
      ExitStatus::environment,
      fmt::format("{0} is made, and could not be checked out in {1}: {2}\nIf nothing is in "
                  "the way any more: git -C {1} checkout {0}",
                  branch, main_.path().string(), problem));
}

// Twice --force: git locks a tree while it makes it, and may have been ended then. It removes one
// whose folder is gone; `git worktree prune` would forget also those of the user's that are on a
// disk which is not mounted now.
void LinkedTree::remove() noexcept {
  std::error_code error;
  std::filesystem::remove_all(tree_.path(), error);
  main_.tryToEnd({"worktree", "remove", "--force", "--force", tree_.path().string()});
}

}  // namespace runner
