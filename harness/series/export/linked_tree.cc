// SPDX-License-Identifier: GPL-2.0-only
#include "series/export/linked_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <sstream>
#include <string_view>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/failure.h"

namespace runner {

namespace {

namespace fs = std::filesystem;

// Whether a directory below `root` is gone. One that cannot be examined is not.
bool isGone(const fs::path& directory, const fs::path& root) {
  const auto [end, rest] =
      std::mismatch(root.begin(), root.end(), directory.begin(), directory.end());
  std::error_code error;
  return end == root.end() && rest != directory.end() && !fs::exists(directory, error) && !error;
}

// If git is killed while it adds a work tree, it may leave the file commondir empty (see
// gitrepository-layout(5)); then no git can list work trees or remove a branch. Removes the entries
// of such work trees below `above`, if they are gone.
void removeHalfAdded(const fs::path& repository, const fs::path& above) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(above, error);
  if (error || root.empty()) return;
  fs::directory_iterator next(repository / "worktrees", error);
  std::vector<fs::path> broken;
  for (; !error && next != fs::directory_iterator(); next.increment(error)) {
    const fs::path& entry = next->path();
    // "<directory>/.git\n"; later versions of git can write it relative to the entry.
    const std::string link = readFile(entry / "gitdir");
    const fs::path git = (entry / link.substr(0, link.find('\n'))).lexically_normal();
    const fs::path directory = git.parent_path();
    std::error_code none;
    if (fs::is_empty(entry / "commondir", none) && isGone(directory, root)) broken.push_back(entry);
  }
  for (const fs::path& entry : broken) fs::remove_all(entry, error);
}

// Twice --force: git locks a work tree while it adds it, and may have been killed then. This
// removes one whose directory is gone; `git worktree prune` would also forget the user's work trees
// on a disk that is not mounted now.
void removeTree(const GitTree& main, const fs::path& directory) {
  main.tryToEnd({"worktree", "remove", "--force", "--force", directory.string()});
}

// Nobody else may use the branch: this also removes the lock that a killed git has left.
void removeBranch(const GitTree& main, const fs::path& repository, const std::string& branch) {
  std::error_code error;
  fs::remove(repository / "refs" / "heads" / (branch + ".lock"), error);
  main.tryToEnd({"branch", "--quiet", "-D", branch});
}

}  // namespace

LinkedTree::LinkedTree(const GitTree& main, const fs::path& directory, const std::string& commit)
    : main_(main), repository_(GitTree::repositoryOf(main.path())), tree_(GitTree::at(directory)) {
  try {
    main_.read(
        {"-c", kNoHooks, "worktree", "add", "--quiet", "--detach", directory.string(), commit});
  } catch (...) {
    remove();
    throw;
  }
}

LinkedTree::~LinkedTree() {
  remove();
  for (const std::string& branch : branches_) removeBranch(main_, repository_, branch);
}

void LinkedTree::removeLeftOver(const GitTree& main, const fs::path& above,
                                const std::string& passing) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(above, error);
  if (error || root.empty()) return;
  const fs::path repository = GitTree::repositoryOf(main.path());
  removeHalfAdded(repository, root);
  std::istringstream lines(main.read({"worktree", "list", "--porcelain"}));
  fs::path directory;
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kDirectory = "worktree ", kBranch = "branch refs/heads/";
    if (line.starts_with(kDirectory)) directory = line.substr(kDirectory.size());
    if (!isGone(directory, root)) continue;
    if (line.starts_with(kDirectory)) {
      removeTree(main, directory);
    } else if (line.starts_with(kBranch)) {
      removeBranch(main, repository, line.substr(kBranch.size()));
    }
  }
  removeBranch(main, repository, passing);
}

void LinkedTree::handOver(const std::string& branch) {
  // Otherwise the branch would count as a leftover if this tree stayed in git's list.
  tree_.read({"-c", kNoHooks, "checkout", "--quiet", "--detach"});
  remove();
  std::erase(branches_, branch);
  // Nothing interrupts this: a killed git would leave the user's tree half checked out.
  constexpr std::chrono::hours kLong{24};
  const std::string problem = main_.tryToEnd({"checkout", "--quiet", branch, "--"}, kLong);
  // A hook that fails afterwards yields the same status.
  if (problem.empty() || main_.head() == branch) return;
  throw Failure(
      ExitStatus::environment,
      fmt::format("{0} was created, but could not be checked out in {1}: {2}\nOnce nothing is in "
                  "the way any more: git -C {1} checkout {0}",
                  branch, main_.path().string(), problem));
}

void LinkedTree::remove() noexcept {
  std::error_code error;
  fs::remove_all(tree_.path(), error);
  removeHalfAdded(repository_, tree_.path().parent_path());
  removeTree(main_, tree_.path());
}

}  // namespace runner
