// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patch_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "runner/kernels/patch_output.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRejectLines = 40;
constexpr int kMostFuzz = 2;  // more would ignore all of the usual three lines of context

std::string firstLines(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    if (count < kRejectLines) result.append("  ").append(line).push_back('\n');
  }
  if (count <= kRejectLines) return result;
  return result +
         fmt::format("  ... and {} more lines of hunks that conflict; the patch has them\n",
                     count - kRejectLines);
}

enum class Direction { forward, back };

struct Attempt {
  PatchFit fit;
  bool ok = false;
};

Attempt attempt(const fs::path& patch, const fs::path& tree, int fuzz,
                Direction direction = Direction::forward) {
  const TemporaryDirectory scratch(tree.parent_path());
  const fs::path rejects = scratch.path() / "rejects";
  sys::Command command;
  command.arguments = {"patch",
                       "-p1",
                       "--forward",
                       "--batch",
                       "--verbose",
                       "--no-backup-if-mismatch",
                       "--fuzz=" + std::to_string(fuzz),
                       "--reject-file=" + rejects.string(),
                       "-d",
                       tree.string(),
                       "-i",
                       patch.string()};
  if (direction == Direction::back) command.arguments.emplace_back("--reverse");
  command.environment = {{"LC_ALL", "C"}};
  Attempt result;
  result.fit.patch = patch;
  PatchOutput output(result.fit);
  const sys::Exit exit = runLines(command, [&](std::string_view line) { output.read(line); });
  result.ok = exit.ok();
  if (output.diskFull()) throw writeFailure(tree, ENOSPC);
  output.finish(result.ok);
  // What is ignored is explained by a problem.
  const auto conflicts = [](const HunkFit& hunk) {
    return hunk.fit == Fit::conflict && !hunk.ignored;
  };
  if (std::ranges::any_of(result.fit.hunks, conflicts)) {
    result.fit.rejects = firstLines(readFile(rejects));
  }
  return result;
}

// Applies it to copies of the files that it touches: with --dry-run, `patch` would try a second
// diff of the same file without the first.
Attempt trial(const fs::path& patch, const fs::path& tree, int fuzz,
              Direction direction = Direction::forward) {
  const TemporaryDirectory scratch(tree.parent_path());
  const fs::path copy = scratch.path() / "tree";
  std::error_code error;
  fs::create_directory(copy, error);
  for (const std::string& file : touchedFiles({patch})) {
    if (!fs::exists(fs::symlink_status(tree / file, error))) continue;
    fs::create_directories((copy / file).parent_path(), error);
    fs::copy(tree / file, copy / file, fs::copy_options::copy_symlinks, error);
    if (error) throw writeFailure(copy / file, error.value());
  }
  return attempt(patch, copy, fuzz, direction);
}

}  // namespace

std::string_view nameOf(Fit fit) {
  constexpr std::array<std::string_view, 3> kNames = {"clean", "fuzz", "conflict"};
  return kNames.at(static_cast<std::size_t>(fit));
}

std::string HunkFit::description() const {
  std::string text = fmt::format("{}: hunk {} at line {}", file, number, line);
  if (moved != 0) {
    text += fmt::format(", {} line{} {}", std::abs(moved), std::abs(moved) == 1 ? "" : "s",
                        moved > 0 ? "down" : "up");
  }
  if (fuzz != 0) text += fmt::format(", fuzz {}", fuzz);
  if (fit == Fit::conflict) text += ", conflict";
  if (line_endings) text += ": line endings differ (CR LF in the tree, or in the patch)";
  return text;
}

Fit PatchFit::worst() const {
  Fit fit = problems.empty() ? Fit::clean : Fit::conflict;
  for (const HunkFit& hunk : hunks) fit = std::max(fit, hunk.fit);
  return fit;
}

std::vector<std::string> PatchFit::complaints() const {
  std::vector<std::string> lines = problems;
  for (const HunkFit& hunk : hunks) {
    if (hunk.fit != Fit::clean && !hunk.ignored) lines.push_back(hunk.description());
  }
  return lines;
}

std::string PatchFit::refusal() const {
  std::string text = fmt::format("the patch {} does not apply:", patch.string());
  for (const std::string& line : complaints()) text += "\n  " + line;
  if (!hunks.empty()) {
    const auto conflicts = std::ranges::count(hunks, Fit::conflict, &HunkFit::fit);
    text += fmt::format("\n  {} of its {} hunks fit",
                        hunks.size() - static_cast<std::size_t>(conflicts), hunks.size());
  }
  return text + '\n' + rejects;
}

PatchFit fitOf(const fs::path& patch, const fs::path& tree) {
  Attempt exact = trial(patch, tree, 0);
  if (exact.ok) return std::move(exact.fit);
  // Even if it fails: this tells hunks that fit with fuzz from those that conflict.
  return trial(patch, tree, kMostFuzz).fit;
}

bool revertPatch(const fs::path& patch, const fs::path& tree) {
  return trial(patch, tree, kMostFuzz, Direction::back).ok &&
         attempt(patch, tree, kMostFuzz, Direction::back).ok;
}

void applyPatch(const PatchFit& fit, const fs::path& tree) {
  if (fit.worst() != Fit::conflict) {
    const int fuzz = fit.worst() == Fit::clean ? 0 : kMostFuzz;
    if (attempt(fit.patch, tree, fuzz).ok) return;
  }
  throw Failure(ExitStatus::build, fit.refusal());
}

void applyWhatFits(const PatchFit& fit, const fs::path& tree) {
  if (fit.worst() == Fit::conflict) {
    attempt(fit.patch, tree, kMostFuzz);
  } else {
    applyPatch(fit, tree);
  }
}

std::set<std::string> touchedFiles(const std::vector<fs::path>& patches) {
  std::set<std::string> files;
  for (const fs::path& patch : patches) {
    std::ifstream in(patch);
    for (std::string line; std::getline(in, line);) {
      for (const std::string_view renamed : {"rename from ", "rename to "}) {
        if (line.starts_with(renamed)) files.insert(line.substr(renamed.size()));
      }
      const std::string start = line.substr(0, 4);
      if (start != "--- " && start != "+++ ") continue;
      const std::string name = line.substr(4, line.find('\t') - 4);
      const auto slash = name.find('/');
      if (name == "/dev/null" || slash == std::string::npos) continue;
      files.insert(name.substr(slash + 1));
    }
  }
  return files;
}

}  // namespace runner
