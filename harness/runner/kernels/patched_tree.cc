// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/patched_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/kernels/patch_fit.h"
#include "runner/kernels/unpacked_source.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kSecond = 1000000000;  // nanoseconds

// A file of the tree as make knows it.
struct Stamp {
  std::string hash;              // of the content; empty: there is no such file
  std::int64_t nanoseconds = 0;  // time of the last change
};

Stamp stampOf(const fs::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0) return {};
  return {S_ISLNK(status.st_mode) ? hashOfText(fs::read_symlink(file).string()) : hashOfFile(file),
          status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec};
}

void setTime(const fs::path& file, std::int64_t nanoseconds) {
  timespec times[2] = {{0, UTIME_OMIT}, {nanoseconds / kSecond, nanoseconds % kSecond}};
  if (::utimensat(AT_FDCWD, file.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    throw writeFailure(file, errno);
  }
}

// What is in a tree of hard links. It is written before the first file changes and when all of them
// have, so that a run that is ended in between loses no time stamp.
struct TreeState {
  std::string series_hash;  // empty: it is not complete
  // The files that patches touched, as they were when make could last see them.
  std::map<std::string, Stamp> files;
  std::vector<std::string> fuzzy;  // the hunks that were applied with fuzz
};

fs::path stateFile(const fs::path& tree) {
  return tree.parent_path() / (tree.filename().string() + ".json");
}

std::optional<TreeState> readState(const fs::path& tree) {
  std::ifstream in(stateFile(tree));
  const auto json = nlohmann::json::parse(in, nullptr, false);
  std::error_code error;
  if (!json.is_object() || !fs::exists(tree, error)) return std::nullopt;
  TreeState state;
  state.series_hash = json.value("series", "");
  state.fuzzy = json.value("fuzzy", std::vector<std::string>());
  // From before this state had time stamps: the tree was complete then, and still has them.
  for (const std::string& name : json.value("touched", std::set<std::string>())) {
    state.files[name] = stampOf(tree / name);
  }
  const auto files = json.value("files", nlohmann::json::object());
  for (const auto& [name, stamp] : files.items()) {
    state.files[name] = {stamp.value("hash", ""), stamp.value("nanoseconds", std::int64_t{0})};
  }
  return state;
}

void writeState(const fs::path& tree, const TreeState& state) {
  auto files = nlohmann::json::object();
  for (const auto& [name, stamp] : state.files) {
    files[name] = {{"hash", stamp.hash}, {"nanoseconds", stamp.nanoseconds}};
  }
  const nlohmann::json json = {
      {"series", state.series_hash}, {"fuzzy", state.fuzzy}, {"files", files}};
  writeFileAtomically(stateFile(tree), json.dump() + '\n');
}

// Puts files that patches touched back as they are upstream: with copies, whose time can change.
void restore(const fs::path& pristine, const fs::path& tree,
             const std::map<std::string, Stamp>& files) {
  for (const auto& [name, stamp] : files) {
    std::error_code error;
    fs::remove(tree / name, error);
    if (!fs::exists(fs::symlink_status(pristine / name, error))) continue;
    fs::copy(pristine / name, tree / name, fs::copy_options::copy_symlinks, error);
    if (error) throw writeFailure(tree / name, error.value());
  }
}

// Gives what is as it was before its old time back, and tells how each file is now.
std::map<std::string, Stamp> settled(const fs::path& tree,
                                     const std::map<std::string, Stamp>& before) {
  std::map<std::string, Stamp> now;
  for (const auto& [name, old] : before) {
    Stamp stamp = stampOf(tree / name);
    std::error_code error;
    const bool shared = fs::hard_link_count(tree / name, error) != 1;  // with the pristine source
    if (!stamp.hash.empty() && stamp.hash == old.hash && !shared) {
      setTime(tree / name, old.nanoseconds);
      stamp.nanoseconds = old.nanoseconds;
    }
    now[name] = stamp;
  }
  return now;
}

// Returns what did not fit to the line.
std::vector<std::string> applyAll(const Series& series, const fs::path& tree, Progress& progress) {
  std::vector<std::string> fuzzy;
  std::size_t done = 0;
  for (const fs::path& patch : series.patches) {
    progress.advance(static_cast<double>(done++) / static_cast<double>(series.patches.size()),
                     patch.filename().string());
    const PatchFit fit = fitOf(patch, tree);
    applyPatch(fit, tree);
    const std::vector<std::string> complaints = fit.complaints();
    fuzzy.insert(fuzzy.end(), complaints.begin(), complaints.end());
  }
  return fuzzy;
}

}  // namespace

PatchedTree patchedTree(const fs::path& pristine, const Series& series, Progress& progress) {
  fs::path tree = pristine.parent_path() / ("with-" + series.label());
  std::optional<TreeState> before = readState(tree);
  if (before && before->series_hash == series.hash) return {tree, before->fuzzy};
  progress.step("apply " + series.description());
  if (!before) {
    std::error_code error;
    fs::remove(stateFile(tree), error);
    fs::remove_all(tree, error);
    fs::copy(pristine, tree,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks |
                 fs::copy_options::create_hard_links);
    before.emplace();
  }
  TreeState state = *before;
  state.series_hash.clear();
  const std::set<std::string> touched = touchedFiles(series.patches);
  for (const std::string& name : touched) {
    if (!state.files.contains(name)) state.files[name] = stampOf(tree / name);
  }
  writeState(tree, state);
  restore(pristine, tree, before->files);
  state.fuzzy = applyAll(series, tree, progress);
  state.files = settled(tree, state.files);
  // The others are as upstream has them again.
  std::erase_if(state.files, [&](const auto& file) { return !touched.contains(file.first); });
  state.series_hash = series.hash;
  writeState(tree, state);
  return {tree, state.fuzzy};
}

PatchedTree patchedSource(const std::string& tree, const Source& source, const Series& series,
                          const Cache& cache, Progress& progress) {
  const fs::path pristine = unpackedSource(tree, source, cache, progress);
  if (series.names.empty()) return {pristine, {}};
  try {
    return patchedTree(pristine, series, progress);
  } catch (const Failure& failure) {
    if (failure.status() != ExitStatus::build || source.release == series.base) throw;
    throw Failure(ExitStatus::build,
                  fmt::format("{}\nThe series was made on Linux {} and this is {}: rebase it",
                              failure.what(), series.base, source.release));
  }
}

}  // namespace runner
