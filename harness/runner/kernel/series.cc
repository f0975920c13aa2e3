// SPDX-License-Identifier: GPL-2.0
#include "runner/kernel/series.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <system_error>

#include "runner/disk_space.h"
#include "runner/failure.h"
#include "runner/kernel/commands.h"
#include "runner/read_file.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRejectLines = 40;

std::string trimmed(std::string text) {
  text.erase(std::min(text.find('#'), text.size()));
  const auto last = text.find_last_not_of(" \t\r");
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(" \t"));
  return text;
}

// The files that the patches change, make, remove or rename.
std::set<std::string> touchedFiles(const Series& series) {
  std::set<std::string> files;
  for (const fs::path& patch : series.patches) {
    std::ifstream in(patch);
    for (std::string line; std::getline(in, line);) {
      for (const std::string_view renamed : {"rename from ", "rename to "}) {
        if (line.rfind(renamed, 0) == 0) files.insert(line.substr(renamed.size()));
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

void link(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::is_symlink(from, error)) {
    fs::copy_symlink(from, to, error);
  } else {
    fs::create_hard_link(from, to, error);
  }
  if (error) throw writeFailure(to, error.value());
}

void linkTree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) throw writeFailure(to, error.value());
  for (const auto& entry : fs::directory_iterator(from)) {
    sys::throwIfInterrupted();
    const fs::path target = to / entry.path().filename();
    if (entry.is_directory() && !entry.is_symlink()) {
      linkTree(entry.path(), target);
    } else {
      link(entry.path(), target);
    }
  }
}

// What `patch` said of the first hunk or file that did not fit.
std::string complaint(const std::vector<std::string>& lines) {
  std::string file;
  for (const std::string& line : lines) {
    constexpr std::string_view kPatching = "patching file ";
    if (line.rfind(kPatching, 0) == 0) file = line.substr(kPatching.size());
    if (line.find("FAILED at") != std::string::npos) return fmt::format("{}: {}", file, line);
    if (line.find("can't find file to patch") != std::string::npos ||
        line.find("malformed patch") != std::string::npos ||
        line.find("Reversed (or previously applied)") != std::string::npos ||
        line.find("Only garbage was found") != std::string::npos) {
      return file.empty() ? line : fmt::format("{}: {}", file, line);
    }
  }
  return lines.empty() ? "patch said nothing" : lines.back();
}

std::string firstLines(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line) && count < kRejectLines; ++count) {
    result.append("  ").append(line).push_back('\n');
  }
  return result;
}

void apply(const fs::path& patch, const fs::path& tree, const fs::path& scratch) {
  const fs::path rejects = scratch / "rejects";
  std::error_code error;
  fs::remove(rejects, error);
  sys::Command command;
  command.arguments = {"patch",
                       "-p1",
                       "--forward",
                       "--fuzz=0",
                       "--batch",
                       "--no-backup-if-mismatch",
                       "--reject-file=" + rejects.string(),
                       "-d",
                       tree.string(),
                       "-i",
                       patch.string()};
  command.environment = {{"LC_ALL", "C"}};
  std::vector<std::string> lines;
  const sys::Exit exit =
      runLines(command, [&](std::string_view line) { lines.emplace_back(line); });
  if (exit.ok()) return;
  for (const std::string& line : lines) {
    if (line.find("No space left") != std::string::npos) throw writeFailure(tree, ENOSPC);
  }
  throw Failure(ExitStatus::build,
                fmt::format("the patch {} does not apply: {}\n{}", patch.string(), complaint(lines),
                            firstLines(readFile(rejects))));
}

// What a tree of hard links was made of, written when it is complete.
struct TreeState {
  std::string series_hash;
  std::set<std::string> touched;
};

fs::path stateFile(const fs::path& tree) {
  return tree.parent_path() / (tree.filename().string() + ".json");
}

std::optional<TreeState> readState(const fs::path& tree) {
  std::ifstream in(stateFile(tree));
  const auto json = nlohmann::json::parse(in, nullptr, false);
  std::error_code error;
  if (json.is_discarded() || !fs::exists(tree, error)) return std::nullopt;
  return TreeState{json.value("series", ""), json.value("touched", std::set<std::string>())};
}

void writeState(const fs::path& tree, const TreeState& state) {
  makeFileAtomically(stateFile(tree), [&](const fs::path& file) {
    std::ofstream out(file);
    out << nlohmann::json{{"series", state.series_hash}, {"touched", state.touched}}.dump() << '\n';
    out.close();
    if (!out) throw writeFailure(file, errno);
  });
}

// Puts the files that an earlier form of the series touched back as they were.
void restore(const fs::path& pristine, const fs::path& tree, const std::set<std::string>& files) {
  for (const std::string& name : files) {
    std::error_code error;
    fs::remove(tree / name, error);
    if (fs::exists(pristine / name, error)) link(pristine / name, tree / name);
  }
}

}  // namespace

std::string Series::label() const {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text.empty() ? "off" : text;
}

std::string Series::description() const {
  if (patches.empty()) return "off";
  return fmt::format("{} ({} patch{})", label(), patches.size(), patches.size() == 1 ? "" : "es");
}

Series readSeries(const std::vector<fs::path>& folders) {
  Series series;
  std::string contents;
  for (const fs::path& folder : folders) {
    series.names.push_back(folder.filename().string());
    const std::size_t before = series.patches.size();
    std::ifstream in(folder / "series");
    if (!in) {
      throw Failure(ExitStatus::build, fmt::format("{} is missing: it lists the patches in their "
                                                   "order",
                                                   (folder / "series").string()));
    }
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      const std::string name = trimmed(line);
      if (name.empty()) continue;
      std::error_code error;
      if (!fs::is_regular_file(folder / name, error)) {
        throw Failure(ExitStatus::build, fmt::format("{}:{}: there is no patch {}",
                                                     (folder / "series").string(), number, name));
      }
      series.patches.push_back(folder / name);
      contents += hashOfFile(folder / name) + '\n';
    }
    if (series.patches.size() == before) {
      throw Failure(ExitStatus::build,
                    fmt::format("{} lists no patch", (folder / "series").string()));
    }
  }
  series.hash = hashOfText(contents);
  return series;
}

fs::path patchedTree(const fs::path& pristine, const Series& series, Progress& progress) {
  fs::path tree = pristine.parent_path() / ("with-" + series.label());
  const std::optional<TreeState> before = readState(tree);
  if (before && before->series_hash == series.hash) return tree;
  progress.step("apply " + series.description());
  std::error_code error;
  fs::remove(stateFile(tree), error);  // from here on it is incomplete
  const TemporaryFolder scratch(pristine.parent_path());
  if (before) {
    restore(pristine, tree, before->touched);
  } else {
    fs::remove_all(tree, error);
    linkTree(pristine, tree);
  }
  std::size_t done = 0;
  for (const fs::path& patch : series.patches) {
    progress.advance(static_cast<double>(done++) / static_cast<double>(series.patches.size()),
                     patch.filename().string());
    apply(patch, tree, scratch.path());
  }
  writeState(tree, {series.hash, touchedFiles(series)});
  return tree;
}

}  // namespace runner
