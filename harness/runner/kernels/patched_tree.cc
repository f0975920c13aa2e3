// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/patched_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "architectures/registry.h"
#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/patch_fit.h"
#include "runner/kernels/series_fit.h"
#include "runner/kernels/unpack.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Linux 7.3 with what neededForBuild() keeps, plus some room.
constexpr std::uintmax_t kTreeBytes = 1000u << 20;

// Lists what an unpacked source has that neededForBuild() once rejected, one per line: directories
// of arch/, and a document. A source without this list may lack all of it.
constexpr const char* kWhatIsKept = "kept";

std::set<std::string> linesOf(const fs::path& file) {
  std::set<std::string> lines;
  std::istringstream in(fs::exists(file) ? readFile(file) : std::string());
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

constexpr std::int64_t kSecond = 1000000000;  // nanoseconds

// A file of the tree as make knows it.
struct Stamp {
  std::string hash;              // of the content; empty: no such file
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

// What a tree of hard links contains. Written before the first file changes and after the last one,
// so that an interrupted run loses no timestamp.
struct TreeState {
  std::string series;  // its hash; empty: incomplete
  // The files that patches touched, as make last could have seen them.
  std::map<std::string, Stamp> files;
  // How the series applied, as in PatchedTree.
  std::vector<std::string> fuzzy, moved;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Stamp, hash, nanoseconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TreeState, series, files, fuzzy, moved)

fs::path stateFile(const fs::path& tree) {
  return tree.parent_path() / (tree.filename().string() + ".json");
}

std::optional<TreeState> readState(const fs::path& tree) {
  std::ifstream in(stateFile(tree));
  const auto json = nlohmann::json::parse(in, nullptr, false);
  std::error_code error;
  if (!json.is_object() || !fs::exists(tree, error)) return std::nullopt;
  TreeState state = json.get<TreeState>();
  // Written before this state had timestamps: that tree was complete, and its files still have
  // them.
  for (const std::string& name : json.value("touched", std::set<std::string>())) {
    state.files[name] = stampOf(tree / name);
  }
  return state;
}

void writeState(const fs::path& tree, const TreeState& state) {
  writeFileAtomically(stateFile(tree), nlohmann::json(state).dump() + '\n');
}

// Restores upstream's content of files that patches touched, as copies whose time can change.
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

// Restores the old time of files whose content is unchanged; returns the current state of each
// file.
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

// A copy of a directory whose files are hard links; ends early when interrupted.
void linkFiles(const fs::path& from, const fs::path& into) {
  fs::create_directory(into);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    sys::throwIfInterrupted();
    const fs::path target = into / entry.path().lexically_relative(from);
    if (entry.is_directory() && !entry.is_symlink()) {
      fs::create_directory(target);
    } else {
      fs::create_hard_link(entry.path(), target);
    }
  }
}

std::set<std::string> whatIsNeeded() {
  std::set<std::string> needed = {std::string(kErrseqDocument)};
  for (const auto* each : architectures::all()) {
    needed.insert(each->source_directories.begin(), each->source_directories.end());
  }
  return needed;
}

// Whether that source is unpacked and has all of that.
bool isUnpacked(const fs::path& directory, const std::set<std::string>& needed) {
  std::error_code error;
  return fs::exists(directory / "pristine", error) &&
         std::ranges::includes(linesOf(directory / kWhatIsKept), needed);
}

}  // namespace

fs::path sourceDirectory(const std::string& tree, const Source& source, const Cache& cache) {
  return cache.directory(
      fmt::format("source/{}/{}-{}", tree, source.release, source.hash.substr(0, 12)));
}

void takeFiles(const std::set<std::string>& files, const std::string& tree, const Source& source,
               const Cache& cache, const fs::path& into, Progress& progress) {
  const fs::path directory = sourceDirectory(tree, source, cache);
  std::error_code error;
  const bool unpacked = isUnpacked(directory, whatIsNeeded()) || !fs::exists(source.tarball, error);
  takeFilesFrom(unpacked ? directory / "pristine" : source.tarball, files, into, progress);
}

fs::path unpackedSource(const std::string& tree, const Source& source, const Cache& cache,
                        Progress& progress) {
  const fs::path directory = sourceDirectory(tree, source, cache);
  fs::path unpacked = directory / "pristine";
  std::error_code error;
  const std::set<std::string> needed = whatIsNeeded();
  if (isUnpacked(directory, needed)) return unpacked;
  const std::string named =
      source.release.empty() ? source.tarball.filename().string() : "linux " + source.release;
  requireSpace(directory, kTreeBytes, "the unpacked source of " + named);
  progress.step("unpack " + named);
  const TemporaryDirectory temporary(directory);
  const fs::path target = temporary.path() / "pristine";
  try {
    unpackTarball(source.tarball, target, neededForBuild, progress);
  } catch (const Failure&) {
    // Our tarball is damaged: the next run downloads it again.
    if (source.tarball.parent_path() == directory && hashOfFile(source.tarball) != source.hash) {
      fs::remove(source.tarball, error);
    }
    throw;
  }
  // The patched trees first: they are copies of it and lack the same files.
  removeBeside(unpacked, "with-");
  fs::remove_all(unpacked);
  writeFileAtomically(directory / kWhatIsKept, fmt::format("{}\n", fmt::join(needed, "\n")));
  fs::rename(target, unpacked, error);
  if (error) throw writeFailure(unpacked, error.value());
  removeBeside(directory);  // keep only one release of each tree
  return unpacked;
}

PatchedTree patchedTree(const fs::path& pristine, const Series& series, Progress& progress) {
  fs::path tree = pristine.parent_path() / ("with-" + series.label());
  std::optional<TreeState> before = readState(tree);
  if (before && before->series == series.hash) return {tree, before->fuzzy, before->moved};
  progress.step("apply " + series.description());
  if (!before) {
    std::error_code error;
    fs::remove(stateFile(tree), error);
    fs::remove_all(tree, error);
    linkFiles(pristine, tree);
    before.emplace();
  }
  TreeState state = *before;
  state.series.clear();
  const std::set<std::string> touched = touchedFiles(series.patches);
  for (const std::string& name : touched) {
    if (!state.files.contains(name)) state.files[name] = stampOf(tree / name);
  }
  writeState(tree, state);
  restore(pristine, tree, before->files);
  const SeriesFit fit = applySeries(series, tree, progress);
  if (fit.count(Fit::conflict) != 0) throw Failure(ExitStatus::build, fit.refusal());
  state.fuzzy = fit.fuzzy();
  state.moved = fit.moved();
  state.files = settled(tree, state.files);
  // All other files have upstream's content again.
  std::erase_if(state.files, [&](const auto& file) { return !touched.contains(file.first); });
  state.series = series.hash;
  writeState(tree, state);
  return {tree, state.fuzzy, state.moved};
}

void followPristine(const fs::path& pristine, const std::set<std::string>& changed) {
  constexpr std::string_view kBeginning = "with-";
  std::vector<fs::path> trees;
  for (const auto& entry : fs::directory_iterator(pristine.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && name.starts_with(kBeginning)) trees.push_back(entry.path());
  }
  for (const fs::path& tree : trees) {
    std::optional<TreeState> state = readState(tree);
    if (!state) continue;  // patchedTree() links it from the start
    state->series.clear();
    writeState(tree, *state);
    for (const std::string& name : changed) {
      if (state->files.contains(name)) continue;  // patchedTree() restores it, with its time
      std::error_code error;                      // a directory above it may have become a file
      fs::remove_all(tree / name, error);
      if (!fs::exists(fs::symlink_status(pristine / name, error))) continue;
      fs::create_directories((tree / name).parent_path());
      fs::create_hard_link(pristine / name, tree / name);
    }
  }
}

PatchedTree patchedSource(const std::string& tree, const Source& source, const Series& series,
                          const Cache& cache, Progress& progress) {
  const fs::path pristine = unpackedSource(tree, source, cache, progress);
  if (series.names.empty()) return {pristine, {}, {}};
  try {
    return patchedTree(pristine, series, progress);
  } catch (const Failure& failure) {
    if (failure.status() != ExitStatus::build || source.release == series.base) throw;
    throw Failure(ExitStatus::build,
                  "{}\nThe series was made on Linux {} and this is {}: rebase the series",
                  failure.what(), series.base, source.release);
  }
}

}  // namespace runner
