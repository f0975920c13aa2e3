// SPDX-License-Identifier: GPL-2.0
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

// A setting for git: what the user's hooks do after a checkout is not for a tree that is gone in a
// minute, and one that fails would end what was under way there.
inline constexpr const char* kNoHooks = "core.hooksPath=/dev/null";

class GitTree {
 public:
  // The work tree at that path. Throws Failure: usage for what is no git work tree, a directory in
  // the middle of one, no kernel, one with changes that are not committed or with an unfinished
  // rebase, merge or `git am`; environment when git is missing.
  static GitTree open(const std::filesystem::path& path);
  // One that is known to be a work tree, or will be one.
  static GitTree at(const std::filesystem::path& path) { return GitTree(path); }
  // Where git keeps the branches, which all work trees of a repository share; the path itself where
  // it is no work tree. Changes nothing there, and asks for no lock of git's.
  static std::filesystem::path repositoryOf(const std::filesystem::path& path);
  // For whoever has no tree of the kernel's: unpacks all of the source into that directory, which
  // is made, and commits it, as nobody, with a tag such as v7.3.4. Throws Failure (environment) for
  // a damaged tarball, a full disk, or what git says. The caller holds the lock of the source's
  // tree.
  static GitTree ofRelease(const Source& source, const std::filesystem::path& path,
                           Progress& progress);

  const std::filesystem::path& path() const { return path_; }
  // "7.3": of the Makefile at that commit; empty where there is none.
  std::string version(const std::string& commit) const;
  // Whom git signs off here: "Sam Doe <sam@example.org>". Throws Failure (usage) when user.name or
  // user.email is not set, with the two commands that set it; they begin with `config`: "git config
  // --global". Empty: what sets it for this tree.
  std::string identity(std::string config = {}) const;
  // The commit that a revision means. Throws Failure (usage) when it means none.
  std::string commitOf(const std::string& revision) const;
  bool hasBranch(const std::string& name) const;
  // The branch that is checked out, or the commit when none is.
  std::string head() const;

  // Runs a program there that asks git, such as b4: its path and arguments.
  sys::Output run(const std::vector<std::string>& program,
                  const std::map<std::string, std::string>& environment) const;
  // Runs git there.
  sys::Output git(std::vector<std::string> arguments) const;
  // What git printed, without the newline at its end. Throws Failure (environment) with all of it
  // when git failed.
  std::string read(std::vector<std::string> arguments) const;
  // Runs git there, also when the user wants to stop, and for that long at most. Returns what it
  // said when it failed; empty: it did not.
  std::string tryToEnd(std::vector<std::string> arguments,
                       std::chrono::minutes limit = std::chrono::minutes(2)) const noexcept;

 private:
  explicit GitTree(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace runner
