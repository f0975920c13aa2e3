// SPDX-License-Identifier: GPL-2.0-only
// GitTree: a kernel's git work tree that belongs to the user.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "runner/base/progress.h"
#include "runner/kernels/source.h"
#include "sys/child_process.h"

namespace runner {

// A setting for git: the user's hooks are not meant for a tree that is gone in a minute, and a hook
// that fails would abort the export.
inline constexpr const char* kNoHooks = "core.hooksPath=/dev/null";

class GitTree {
 public:
  // The work tree at that path. Throws Failure: usage for what is not a git work tree, a directory
  // inside one, no kernel, uncommitted changes, or an unfinished rebase, merge or `git am`;
  // environment if git is missing.
  static GitTree open(const std::filesystem::path& path);
  // A path that is known to be a work tree, or will become one.
  static GitTree at(const std::filesystem::path& path) { return GitTree(path); }
  // Where git keeps the branches, which all work trees of a repository share; the path itself if it
  // is not a work tree. Changes nothing there, and takes no lock of git's.
  static std::filesystem::path repositoryOf(const std::filesystem::path& path);
  // For users without a kernel tree: unpacks the whole source into that directory, which is
  // created, and commits it as nobody, with a tag such as v7.3.4. Throws Failure (environment) for
  // a damaged tarball, a full disk, or what git says. The caller holds the lock of the source's
  // tree.
  static GitTree ofRelease(const Source& source, const std::filesystem::path& path,
                           Progress& progress);

  const std::filesystem::path& path() const { return path_; }
  // "7.3": from the Makefile at that commit; empty if there is none.
  std::string version(const std::string& commit) const;
  // The identity for sign-offs here: "Sam Doe <sam@example.org>". Throws Failure (usage) if
  // user.name or user.email is not set, with the two commands that set it; they begin with
  // `config`: "git config --global". Empty: the command for this tree.
  std::string identity(std::string config = {}) const;
  // The commit that a revision names. Throws Failure (usage) if there is none.
  std::string commitOf(const std::string& revision) const;
  bool hasBranch(const std::string& name) const;
  // The branch that is checked out, or the commit if HEAD is detached.
  std::string head() const;

  // Runs a program there that calls git, such as b4: its path and arguments.
  sys::Output run(const std::vector<std::string>& program,
                  const std::map<std::string, std::string>& environment) const;
  // Runs git there.
  sys::Output git(std::vector<std::string> arguments) const;
  // git's output without the newline at its end. Throws Failure (environment) with all of it if git
  // failed.
  std::string read(std::vector<std::string> arguments) const;
  // Runs git there, even after an interruption, with a time limit. Returns git's error; empty:
  // success.
  std::string tryToEnd(std::vector<std::string> arguments,
                       std::chrono::minutes limit = std::chrono::minutes(2)) const noexcept;

 private:
  explicit GitTree(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace runner
