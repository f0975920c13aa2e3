// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patch_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRejectLines = 40;
constexpr int kMostFuzz = 2;  // more would ignore all of the usual three lines of context

std::string firstLines(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line) && count < kRejectLines; ++count) {
    result.append("  ").append(line).push_back('\n');
  }
  return result;
}

constexpr std::string_view kNoSuchFile = "can't find file to patch";

// "fs/sync.c" of "|+++ b/fs/sync.c\t2026-01-01".
std::string strippedName(std::string_view line) {
  line = line.substr(0, line.find('\t'));
  return std::string(line.substr(line.find('/') + 1));
}

// The number after a word of the line, or 0: "with fuzz 2", "(offset -3 lines)".
int numberAfter(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  int number = 0;
  if (at == std::string_view::npos) return number;
  const std::string_view rest = line.substr(at + word.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

// "Hunk #1 succeeded at 355 with fuzz 1 (offset -5 lines).", "Hunk #2 FAILED at 10."
std::optional<HunkFit> hunkIn(std::string_view line, const std::string& file) {
  if (!line.starts_with("Hunk #")) return std::nullopt;
  HunkFit hunk;
  hunk.file = file;
  hunk.number = numberAfter(line, "Hunk #");
  hunk.line = numberAfter(line, " at ");
  hunk.moved = numberAfter(line, "(offset ");
  hunk.fuzz = numberAfter(line, "with fuzz ");
  if (line.contains("FAILED")) {
    hunk.fit = Fit::conflict;
  } else if (hunk.fuzz > 0) {
    hunk.fit = Fit::fuzz;
  }
  return hunk;
}

// What `patch` says about a whole file or patch; empty for any other line.
std::string problemIn(const std::string& line, const std::string& file) {
  if (line.contains("previously applied")) {
    return fmt::format("{}: the tree already has this change or a similar one", file);
  }
  constexpr std::array<std::string_view, 5> kSigns = {kNoSuchFile, "malformed patch",
                                                      "Only garbage was found", "already exists!",
                                                      "unexpectedly ends"};
  for (const std::string_view sign : kSigns) {
    if (!line.contains(sign)) continue;
    // `patch` names the file only in the text that it repeats next.
    if (sign == kNoSuchFile) return std::string(kNoSuchFile);
    return file.empty() ? line : fmt::format("{}: {}", file, line);
  }
  return {};
}

struct Attempt {
  PatchFit fit;
  bool ok = false;
};

Attempt attempt(const fs::path& patch, const fs::path& tree, int fuzz) {
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
  command.environment = {{"LC_ALL", "C"}};
  Attempt result;
  result.fit.patch = patch;
  std::string file, last;
  bool full = false;
  const sys::Exit exit = runLines(command, [&](std::string_view text) {
    if (text.starts_with('|')) {  // `patch` repeats the text above the diff
      if (text.starts_with("|+++ ") && result.fit.problem.ends_with(kNoSuchFile)) {
        result.fit.problem = fmt::format("{}: the tree has no such file", strippedName(text));
      }
      return;
    }
    const std::string line(text);
    constexpr std::string_view kStart = "patching file ";
    if (line.starts_with(kStart)) file = line.substr(kStart.size());
    if (auto hunk = hunkIn(line, file)) result.fit.hunks.push_back(std::move(*hunk));
    if (result.fit.problem.empty()) result.fit.problem = problemIn(line, file);
    full |= line.contains("No space left");
    if (!line.empty()) last = line;
  });
  result.ok = exit.ok();
  if (full) throw writeFailure(tree, ENOSPC);
  const bool explained = !result.fit.problem.empty() || result.fit.worst() == Fit::conflict;
  if (!result.ok && !explained) result.fit.problem = last.empty() ? "patch printed nothing" : last;
  if (!result.ok) result.fit.rejects = firstLines(readFile(rejects));
  return result;
}

// Applies it to copies of the files that it touches: with --dry-run, `patch` would try a second
// diff of the same file without the first.
Attempt trial(const fs::path& patch, const fs::path& tree, int fuzz) {
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
  return attempt(patch, copy, fuzz);
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
  return text;
}

Fit PatchFit::worst() const {
  Fit fit = problem.empty() ? Fit::clean : Fit::conflict;
  for (const HunkFit& hunk : hunks) fit = std::max(fit, hunk.fit);
  return fit;
}

std::vector<std::string> PatchFit::complaints() const {
  std::vector<std::string> lines;
  if (!problem.empty()) lines.push_back(problem);
  for (const HunkFit& hunk : hunks) {
    if (hunk.fit != Fit::clean) lines.push_back(hunk.description());
  }
  return lines;
}

std::string PatchFit::refusal() const {
  std::string text = fmt::format("the patch {} does not apply:", patch.string());
  for (const std::string& line : complaints()) text += "\n  " + line;
  if (problem.empty()) {
    const auto fits = std::ranges::count(hunks, Fit::clean, &HunkFit::fit);
    text += fmt::format("\n  {} of its {} hunks fit", fits, hunks.size());
  }
  return text + '\n' + rejects;
}

PatchFit fitOf(const fs::path& patch, const fs::path& tree) {
  Attempt exact = trial(patch, tree, 0);
  if (exact.ok) return std::move(exact.fit);
  // Even if it fails: this tells hunks that fit with fuzz from those that conflict.
  return trial(patch, tree, kMostFuzz).fit;
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
