// SPDX-License-Identifier: GPL-2.0-only
#include "series/export/git_tree.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <sstream>

#include "runner/base/disk_space.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/makefile_release.h"
#include "runner/kernels/unpack.h"
#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\n") + 1);
  return text;
}

sys::Command commandIn(const fs::path& tree, const std::vector<std::string>& program) {
  sys::Command command;
  // These are set if we are called from within git, and mean another tree.
  command.arguments = {"env"};
  for (const char* name :
       {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"}) {
    command.arguments.insert(command.arguments.end(), {"-u", name});
  }
  command.arguments.insert(command.arguments.end(), program.begin(), program.end());
  command.directory = tree;
  return command;
}

sys::Command gitCommand(const fs::path& tree, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), findTool("git").string());
  sys::Command command = commandIn(tree, arguments);
  command.environment = {{"LC_ALL", "C"}};
  return command;
}

Failure refusal(const fs::path& path, std::string_view what) {
  return {ExitStatus::usage, fmt::format("--git {}: {}", path.string(), what)};
}

// The operation that git has not finished there.
std::string unfinished(const fs::path& git_directory) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kSigns = {
      {{"rebase-merge", "rebase"},
       {"rebase-apply", "am` or `git rebase"},
       {"MERGE_HEAD", "merge"},
       {"CHERRY_PICK_HEAD", "cherry-pick"},
       {"REVERT_HEAD", "revert"},
       {"BISECT_LOG", "bisect"}}};
  std::error_code error;
  for (const auto& [file, what] : kSigns) {
    if (fs::exists(git_directory / file, error)) return what;
  }
  return {};
}

}  // namespace

GitTree GitTree::open(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::weakly_canonical(path, error);
  if (!fs::is_directory(absolute, error)) throw refusal(path, "no such directory");
  GitTree tree(absolute);
  const sys::Output top = tree.git({"rev-parse", "--show-toplevel"});
  if (!top.exit.ok()) {
    throw refusal(path, fmt::format("not a git work tree: name a directory in which git has "
                                    "checked out a kernel\n{}",
                                    trimmed(top.text)));
  }
  if (trimmed(top.text) != absolute.string()) {
    throw refusal(path, fmt::format("this is inside a git work tree: name {}", trimmed(top.text)));
  }
  if (!fs::exists(absolute / "MAINTAINERS", error) || tree.version("HEAD").empty()) {
    throw refusal(path, "not kernel source: there is no MAINTAINERS, or no VERSION in Makefile");
  }
  const std::string begun = unfinished(tree.read({"rev-parse", "--absolute-git-dir"}));
  if (!begun.empty()) {
    throw refusal(path, fmt::format("an unfinished `git {}`: finish or abort it first", begun));
  }
  const std::string changed = tree.read({"status", "--porcelain", "--untracked-files=no"});
  if (!changed.empty()) {
    std::string some = changed.substr(0, 400);
    some.erase(std::min(some.find_last_of('\n'), some.size()));
    throw refusal(path, fmt::format("uncommitted changes: commit them, or put them away with `git "
                                    "stash`\n{}",
                                    changed.size() > 400 ? some + "\n..." : changed));
  }
  return tree;
}

fs::path GitTree::repositoryOf(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::weakly_canonical(path, error);
  if (!fs::is_directory(absolute, error)) return absolute;
  const sys::Output directory =
      GitTree(absolute).git({"rev-parse", "--path-format=absolute", "--git-common-dir"});
  return directory.exit.ok() ? fs::path(trimmed(directory.text)) : absolute;
}

GitTree GitTree::ofRelease(const Source& source, const fs::path& path, Progress& progress) {
  constexpr std::uintmax_t kBytes = 2500ULL << 20;  // the unpacked files and git's objects
  requireSpace(path.parent_path(), kBytes, "a git tree of Linux " + source.release);
  progress.step("unpack linux " + source.release);
  unpackTarball(
      source.tarball, path, [](std::string_view) { return true; }, progress);
  progress.step("commit linux " + source.release);
  GitTree tree(path);
  tree.read({"init", "--quiet", "--initial-branch=base"});
  // --force: a release also has files that its .gitignore excludes.
  tree.read({"add", "--all", "--force"});
  // No background maintenance, and nothing of the user's configuration.
  tree.read({"config", "gc.auto", "0"});
  tree.read({"config", "maintenance.auto", "false"});
  tree.read({"-c", kNoHooks, "-c", "user.name=nobody", "-c", "user.email=nobody@localhost", "-c",
             "commit.gpgsign=false", "commit", "--quiet", "--no-verify", "-m",
             "Linux " + source.release});
  tree.read({"-c", "tag.gpgSign=false", "tag", "v" + source.release});
  return tree;
}

std::string GitTree::version(const std::string& commit) const {
  const std::string makefile = git({"show", commit + ":Makefile"}).text;
  const std::string version = makefileValue(makefile, "VERSION");
  return version.empty() ? version : version + '.' + makefileValue(makefile, "PATCHLEVEL");
}

std::string GitTree::identity(std::string config) const {
  const std::string name = trimmed(git({"config", "user.name"}).text);
  const std::string address = trimmed(git({"config", "user.email"}).text);
  if (!name.empty() && !address.empty()) {
    // git strips what is not allowed in a header, such as a dot at the end of a name.
    const sys::Output ident = git({"-c", "committer.name=" + name, "-c",
                                   "committer.email=" + address, "var", "GIT_COMMITTER_IDENT"});
    if (ident.exit.ok()) return ident.text.substr(0, ident.text.rfind('>') + 1);
  }
  if (config.empty()) config = fmt::format("git -C {} config", path_.string());
  throw Failure(ExitStatus::usage,
                fmt::format("git does not know who you are, and the patches need the sign-off of "
                            "whoever sends them. Set your identity with:\n"
                            "    {0} user.name 'Your Name'\n"
                            "    {0} user.email you@example.org",
                            config));
}

std::string GitTree::commitOf(const std::string& revision) const {
  const sys::Output output =
      git({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  if (!output.exit.ok()) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--base '{}' is not a commit in {}", revision, path_.string()));
  }
  return trimmed(output.text);
}

bool GitTree::hasBranch(const std::string& name) const {
  return git({"show-ref", "--verify", "--quiet", "refs/heads/" + name}).exit.ok();
}

std::string GitTree::head() const {
  constexpr std::string_view kHeads = "refs/heads/";
  const sys::Output branch = git({"symbolic-ref", "--quiet", "HEAD"});
  if (!branch.exit.ok()) return read({"rev-parse", "HEAD"});
  const std::string name = trimmed(branch.text);
  return name.starts_with(kHeads) ? name.substr(kHeads.size()) : name;
}

sys::Output GitTree::run(const std::vector<std::string>& program,
                         const std::map<std::string, std::string>& environment) const {
  sys::Command command = commandIn(path_, program);
  command.environment = environment;
  return sys::runCommand(command);
}

sys::Output GitTree::git(std::vector<std::string> arguments) const {
  return sys::runCommand(gitCommand(path_, std::move(arguments)));
}

std::string GitTree::read(std::vector<std::string> arguments) const {
  const std::string what = fmt::format("git {}", fmt::join(arguments, " "));
  const sys::Output output = git(std::move(arguments));
  if (output.exit.ok()) return trimmed(output.text);
  throw Failure(ExitStatus::environment,
                fmt::format("{} in {}: {}", what, path_.string(), trimmed(output.text)));
}

std::string GitTree::tryToEnd(std::vector<std::string> arguments,
                              std::chrono::minutes limit) const noexcept {
  try {
    // A full pipe would block git.
    const sys::Descriptor complaints(::memfd_create("complaints", MFD_CLOEXEC));
    sys::require(complaints.get(), "memfd_create", path_.string());
    sys::Command command = gitCommand(path_, std::move(arguments));
    command.inherited = {{complaints.get(), STDERR_FILENO}};
    sys::ChildProcess child(command);
    const auto exit = child.wait(limit);
    if (!exit) return fmt::format("it took longer than {} minutes", limit.count());
    if (exit->ok()) return {};
    std::array<char, 4096> text{};
    const ssize_t bytes = ::pread(complaints.get(), text.data(), text.size(), 0);
    const std::string said =
        trimmed({text.data(), static_cast<std::size_t>(std::max<ssize_t>(bytes, 0))});
    return said.empty() ? "git failed" : said;
  } catch (const std::exception& problem) {
    return problem.what();
  }
}

}  // namespace runner
