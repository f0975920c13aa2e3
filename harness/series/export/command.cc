// SPDX-License-Identifier: GPL-2.0-only
#include "series/command.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <chrono>
#include <set>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/output.h"
#include "runner/base/terminal.h"
#include "runner/kernels/nearest_tree.h"
#include "runner/kernels/source.h"
#include "series/export/b4.h"
#include "series/export/debian.h"
#include "series/export/submission.h"
#include "sys/shell_word.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

int toDebian(const SeriesOptions& options, const Tree& tree) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  for (const std::string& name :
       exportToDebian(readSeries(tree.series), tree.name, options.debian, today)) {
    print((options.debian / name).string() + '\n');
  }
  return 0;
}

// Whether others are likely to have that commit: a tagged release, or a commit on a remote branch.
// A commit without a parent, such as `series tree` makes, exists only here, even with a tag, unless
// the clone is shallow.
bool isPublic(const std::string& commit, const GitTree& git) {
  const bool has_parent = git.git({"rev-parse", "--verify", "--quiet", commit + "^"}).exit.ok();
  if (!has_parent && git.read({"rev-parse", "--is-shallow-repository"}) != "true") return false;
  return !git.read({"tag", "--points-at", commit}).empty() ||
         !git.read({"branch", "--remotes", "--contains", commit}).empty();
}

// The result, with notes on what may speak against sending it as it is.
std::string summary(const Submission& made, const Tree& tree, const GitTree& git) {
  std::string text =
      fmt::format("{} in {}: {}, signed off by {}, on {}\n", made.branch, git.path().string(),
                  made.patches == 1 ? "1 patch" : fmt::format("{} patches", made.patches),
                  made.signer, git.read({"log", "-1", "--format=%h (\"%s\")", made.base}));
  for (const std::string& needed : made.needed) {
    text += fmt::format(
        "note: it needs {}, which the base lacked: those patches are below this branch, not in "
        "its mails\n",
        needed);
  }
  if (tree.patches.filename() != "mainline") {
    text +=
        "note: these are drafts: mainline's series is the one to send, and other trees take it "
        "from there\n";
  }
  return text;
}

std::string noteOnBase(const Submission& made, const GitTree& git) {
  if (made.needed.empty() && isPublic(made.base, git)) return {};
  return fmt::format(
      "note: the base-commit in its mails, {}, seems to be only in this tree: others cannot find "
      "it\n",
      made.base.substr(0, 12));
}

// b4 needs a way to send even if it only writes files: the user's mail server, which accepts
// unsigned mails too, or kernel.org's web endpoint and a registered key.
bool hasMailServer(const GitTree& git) {
  return git.git({"config", "--get-regexp", R"(^sendemail\.(.*\.)?smtpserver$)"}).exit.ok();
}

const char* sendCommand(bool mail_server) {
  return mail_server ? "b4 send --no-sign" : "b4 send";
}

std::string nextSteps(const GitTree& git) {
  const bool mail_server = hasMailServer(git);
  return fmt::format(
      "Next, in {0}:\n"
      "    b4 prep --edit-cover    # review and edit the cover letter and its recipients\n"
      "    {1} -o /tmp/mails    # write the mails to files; nothing is sent\n"
      "    {1}    # asks for confirmation, then sends\n"
      "{2}\n",
      sys::shellWord(git.path().string()), sendCommand(mail_server),
      mail_server ? "If you have a patatt or gpg key, leave out --no-sign."
                  : "b4 send, even with -o, needs a mail server (git config "
                    "sendemail.smtpserver), or a key that\n"
                    "is registered with kernel.org (patatt genkey, then b4 send --web-auth-new).");
}

// If the mails cannot be written, the branch stays: it is complete.
std::vector<std::string> mailsOf(const Submission& made, const GitTree& git, const fs::path& to) {
  try {
    return writeMails(git, to);
  } catch (const Failure& failure) {
    throw Failure(failure.status(), fmt::format("{}\nThe branch {} in {} is complete. Once this is "
                                                "fixed, write its mails with: {} -o {}",
                                                failure.what(), made.branch, git.path().string(),
                                                sendCommand(hasMailServer(git)),
                                                sys::shellWord(fs::absolute(to).string())));
  }
}

// What to print at the end.
struct Export {
  std::string said;
  std::vector<std::string> mails = {};  // names of files
  std::string next = {};
};

// Whether the tree is left to us: then the user's may be of another release.
bool adapts(const SeriesOptions& options) {
  return options.trees == kNearestTree;
}

// The options, with the name of a tree in place of `auto`: the one of which `run --apply auto`
// would take the series.
SeriesOptions withNearestTree(SeriesOptions options, const Project& project) {
  if (options.git.empty()) {
    throw Failure(ExitStatus::usage, "--tree auto: it needs --git DIR, the tree that it must suit");
  }
  const GitTree git = GitTree::open(options.git);
  const std::string base = git.commitOf(options.base.empty() ? "HEAD" : options.base);
  const TakeFiles take = [&](const std::set<std::string>& files, const fs::path& into) {
    for (const std::string& file : files) {
      const sys::Output shown = git.git({"show", fmt::format("{}:{}", base, file)});
      if (!shown.exit.ok()) continue;
      makeDirectories((into / file).parent_path());
      writeFileAtomically(into / file, shown.text);
    }
  };
  const Cache cache = Cache::open();
  Terminal terminal;
  TerminalProgress progress(terminal);
  const NearestTree nearest = nearestTree(options.git.string(), loadTrees(project.root), take,
                                          cache.directory("series"), progress);
  progress.note(fmt::format("--tree {}: {}", nearest.name, nearest.reason));
  options.trees = nearest.name;
  return options;
}

Export toUsersTree(const SeriesOptions& options, const Tree& tree, const Cache& cache,
                   Progress& progress) {
  // Lock the repository: in any of its work trees, another export would find the temporary branch
  // of this one.
  const std::string repository = GitTree::repositoryOf(options.git).string();
  const CacheLock held =
      lockTree("export-" + hashOfText(repository).substr(0, 12), cache, progress);
  const GitTree git = GitTree::open(options.git);
  const TemporaryDirectory scratch(cache.directory("series"));
  const Submission made =
      makeSubmission(tree, git, options.base, scratch.path() / "linux", progress, adapts(options));
  std::vector<std::string> mails;
  if (!options.to.empty()) mails = mailsOf(made, git, options.to);
  return {summary(made, tree, git) + noteOnBase(made, git), mails, nextSteps(git)};
}

// Without the user's own tree: makes one of the release and removes it afterwards.
Export toMails(const SeriesOptions& options, const Tree& tree, const Cache& cache,
               Progress& progress) {
  GitTree::at(cache.root()).identity("git config --global");
  const CacheLock held = lockTree(tree.name, cache, progress);
  const Source source = availableSource(tree, cache, progress);
  const TemporaryDirectory scratch(cache.directory("series"));
  const GitTree git = GitTree::ofRelease(source, scratch.path() / "linux", progress);
  // The user's signing key and hooks are meant for their own trees.
  git.read({"config", "commit.gpgsign", "false"});
  git.read({"config", "core.hooksPath", "/dev/null"});
  const std::string said = summary(makeSubmission(tree, git, {}, {}, progress), tree, git);
  return {
      said +
          "note: the base-commit in these mails is from a temporary tree: use --git to make mails "
          "that are to be sent\n",
      writeMails(git, options.to)};
}

Export exported(const SeriesOptions& options, const Tree& tree) {
  const Cache cache = Cache::open();
  Terminal terminal;
  TerminalProgress progress(terminal);
  return (options.git.empty() ? toMails : toUsersTree)(options, tree, cache, progress);
}

void offerExport(CLI::App& command, SeriesOptions& options) {
  addText(command,
          {"--tree", "TREE|auto", "the tree whose series to export; auto: what suits --git best"},
          options.trees)
      ->required();
  addSeriesNames(command, options);
  CLI::Option* git = addPath(
      command, {"--git", "DIR", "your own git tree of the kernel; creates a branch for b4 there"},
      options.git);
  addText(command, {"--base", "COMMIT", "the commit to start the branch at (default: HEAD)"},
          options.base)
      ->needs(git);
  CLI::Option* to = addPath(
      command,
      {"--to", "DIR", "write the mails that b4 would send there; without --git, from a new tree"},
      options.to);
  addPath(command, {"--debian", "DIR", "add DEP-3 patches to debian/patches of a source package"},
          options.debian)
      ->excludes(git)
      ->excludes(to);
  command.parse_complete_callback([&] {
    const bool target = !options.git.empty() || !options.to.empty() || !options.debian.empty();
    if (target || options.trees.empty() || command.remaining_size() != 0) return;
    throw Failure(ExitStatus::usage,
                  "export needs a destination: --git DIR, your own git tree of the kernel; --to "
                  "DIR, for mails; or --debian DIR, debian/patches of a source package");
  });
}

int exportSeries(const SeriesOptions& options, const Project& project) {
  const std::vector<Tree> trees =
      chosenTrees(adapts(options) ? withNearestTree(options, project) : options, project, false);
  if (trees.size() != 1) {
    throw Failure(ExitStatus::usage,
                  "series export: only one tree at a time; name it with --tree. Tests for upstream "
                  "are exported one at a time");
  }
  const Tree& tree = trees.front();
  if (!options.debian.empty()) return toDebian(options, tree);
  requireOneSeries(tree);
  if (!options.to.empty()) requireDirectoryForMails(options.to);
  const Export made = exported(options, tree);
  print(made.said);
  for (const std::string& name : made.mails) print((options.to / name).string() + '\n');
  print(made.next);
  return 0;
}

void offerTree(CLI::App& command, SeriesOptions& options) {
  addText(command, {"--tree", "TREE", "the tree whose newest release to take (default: mainline)"},
          options.trees);
  addPath(command, {"DIR", "", "the directory to create"}, options.directory)->required();
}

int makeTree(const SeriesOptions& options, const Project& project) {
  const Trees trees = loadTrees(project.root);
  const Tree& tree = trees.named(options.trees.empty() ? trees.default_name : options.trees);
  std::error_code error;
  fs::path directory = fs::absolute(options.directory, error).lexically_normal();
  if (!directory.has_filename()) directory = directory.parent_path();  // "linux/"
  if (fs::exists(directory, error)) {
    throw Failure(
        ExitStatus::usage,
        fmt::format("series tree: {} already exists; name a new directory", directory.string()));
  }
  const Cache cache = Cache::open();
  Terminal terminal;
  {
    TerminalProgress progress(terminal);
    const CacheLock held = lockTree(tree.name, cache, progress);
    const Source source = availableSource(tree, cache, progress);
    makeDirectories(directory.parent_path());
    const TemporaryDirectory scratch(directory.parent_path());
    GitTree::ofRelease(source, scratch.path() / "linux", progress);
    fs::rename(scratch.path() / "linux", directory, error);
    if (error) throw writeFailure(directory, error.value());
  }
  print(directory.string() + '\n');
  return 0;
}

constexpr const char* kExportDetails =
    R"(For a mailing list, one series at a time is written, signed off by your git identity. Nothing is
sent. For Debian, the patches go into bugfix/all/ovl-syncfs and to the end of the file `series`;
they replace those of an earlier export.

Examples:
  ovl-syncfs series export --tree mainline --series a-syncfs --git ~/linux --to /tmp/mails
  ovl-syncfs series export --tree debian-6.1 --debian ~/linux-6.1/debian/patches)";

constexpr const char* kTreeDetails =
    R"(For users without a git tree of the kernel: one commit and a tag, without history. To send a patch,
create it on a maintainer's tree.)";

}  // namespace

Command<SeriesOptions> exportCommand() {
  return {"export", "write a series for a mailing list or a package", kExportDetails, offerExport,
          exportSeries};
}

Command<SeriesOptions> treeCommand() {
  return {"tree", "create a git tree of a release", kTreeDetails, offerTree, makeTree};
}

}  // namespace runner
