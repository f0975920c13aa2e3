// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patch_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace runner {

namespace {

// The number after a word of the line, or 0: "with fuzz 2", "(offset -3 lines)".
int numberAfter(std::string_view line, std::string_view word) {
  const auto at = line.find(word);
  int number = 0;
  if (at == std::string_view::npos) return number;
  const std::string_view rest = line.substr(at + word.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

// "Hunk #1 succeeded at 355 with fuzz 1 (offset -5 lines).", "Hunk #2 FAILED at 10.",
// "Hunk #1 FAILED at 4 (different line endings).", "Hunk #1 ignored at 4."
std::optional<HunkFit> hunkIn(std::string_view line, const std::string& file) {
  if (!line.starts_with("Hunk #")) return std::nullopt;
  HunkFit hunk;
  hunk.file = file;
  hunk.number = numberAfter(line, "Hunk #");
  hunk.line = numberAfter(line, " at ");
  hunk.moved = numberAfter(line, "(offset ");
  hunk.fuzz = numberAfter(line, "with fuzz ");
  hunk.ignored = line.contains(" ignored at ");
  hunk.line_endings = line.contains("different line endings");
  if (hunk.ignored || line.contains("FAILED")) {
    hunk.fit = Fit::conflict;
  } else if (hunk.fuzz > 0) {
    hunk.fit = Fit::fuzz;
  }
  return hunk;
}

// What stands between two words; empty where they don't.
std::string between(std::string_view line, std::string_view before, std::string_view after) {
  const auto start = line.find(before);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = line.substr(start + before.size());
  return std::string(rest.substr(0, rest.find(after)));
}

// The file that a line of `patch` itself begins to speak of; empty if it begins none.
std::string fileIn(std::string_view line) {
  if (line.starts_with("patching file ")) return between(line, "patching file ", " (");
  if (line.starts_with("File ")) return between(line, "File ", " is not a regular file");
  for (const std::string_view start : {" would create the file ", " would delete the file "}) {
    if (std::string name = between(line, start, ","); !name.empty()) return name;
  }
  return {};
}

struct Complaint {
  std::string_view line;  // a part of what `patch` says
  std::string_view problem;
};
constexpr std::array kComplaints = {
    Complaint{"previously applied", "the tree already has this change or a similar one"},
    Complaint{"No file to patch", "the tree has no such file"},
    Complaint{"is not a regular file",
              "the tree has a symbolic link there, or another special file"},
    Complaint{"already exists!", "the patch creates this file, but the tree has it already"},
    Complaint{"which does not exist!",
              "the patch removes this file, but the tree does not have it"},
    Complaint{"content differs from patch",
              "the patch removes this file, but it has other content"}};
constexpr std::array<std::string_view, 3> kDamaged = {"malformed patch", "Only garbage was found",
                                                      "unexpected end of file"};

// Whether a line would explain a failure if nothing else did.
bool saysSomething(std::string_view line) {
  return !line.empty() && line != "done" && !line.starts_with("Hmm...") &&
         !line.starts_with("Using Plan");
}

}  // namespace

void PatchOutput::addProblem(std::string text) {
  if (!std::ranges::count(fit_.problems, text)) fit_.problems.push_back(std::move(text));
}

// `patch` repeats the text above a diff, before it looks for the file.
void PatchOutput::readHeader(std::string_view line) {
  line = line.substr(0, line.find('\t'));
  const std::string_view name = line.substr(std::min(line.size(), line.find('/') + 1));
  if (!line.ends_with(" /dev/null")) file_ = name;
}

void PatchOutput::read(std::string_view line) {
  if (line.starts_with('|')) {
    if (line.starts_with("|--- ") || line.starts_with("|+++ ")) readHeader(line);
    return;
  }
  if (std::string named = fileIn(line); !named.empty()) file_ = std::move(named);
  if (auto hunk = hunkIn(line, file_)) fit_.hunks.push_back(std::move(*hunk));
  for (const auto& [sign, problem] : kComplaints) {
    if (line.contains(sign)) addProblem(fmt::format("{}: {}", file_, problem));
  }
  for (const std::string_view sign : kDamaged) {
    if (!line.contains(sign)) continue;
    addProblem(file_.empty() ? std::string(line) : fmt::format("{}: {}", file_, line));
  }
  full_ |= line.contains("No space left");
  if (saysSomething(line)) last_ = line;
}

void PatchOutput::finish(bool ok) {
  if (ok) fit_.problems.clear();
  if (ok || fit_.worst() == Fit::conflict) return;
  addProblem(last_.empty() ? "patch printed nothing" : last_);
}

}  // namespace runner
