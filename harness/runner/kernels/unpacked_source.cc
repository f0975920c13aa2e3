// SPDX-License-Identifier: GPL-2.0
#include "runner/kernels/unpacked_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <system_error>

#include "architectures/registry.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/base/read_file.h"
#include "runner/kernels/unpack.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Of Linux 7.3 with what neededForBuild() keeps, and some room.
constexpr std::uintmax_t kTreeBytes = 1000u << 20;

// The file that names the directories of arch/ in an unpacked source, one in a line. An unpacked
// source without it is from before there were others than these.
constexpr const char* kArchitectures = "architectures";
constexpr std::string_view kFirstArchitectures = "um\nx86\n";

std::set<std::string> linesOf(const fs::path& file) {
  std::set<std::string> lines;
  std::istringstream in(fs::exists(file) ? readFile(file) : std::string(kFirstArchitectures));
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

// No more than one release of each tree is kept.
void removeOthers(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.parent_path(), error)) {
    if (entry.path() != folder && entry.path().filename().string().front() != '.') {
      fs::remove_all(entry.path(), error);
    }
  }
}

}  // namespace

fs::path sourceFolder(const std::string& tree, const Source& source, const Cache& cache) {
  return cache.folder(
      fmt::format("source/{}/{}-{}", tree, source.release, source.hash.substr(0, 12)));
}

void takeFiles(const std::set<std::string>& files, const std::string& tree, const Source& source,
               const Cache& cache, const fs::path& into, Progress& progress) {
  const fs::path unpacked = sourceFolder(tree, source, cache) / "pristine";
  std::error_code error;
  if (!fs::exists(unpacked, error)) {
    const auto wanted = [&](std::string_view name) { return files.contains(std::string(name)); };
    unpackTarball(source.tarball, into, wanted, progress);
    return;
  }
  for (const std::string& file : files) {
    if (!fs::exists(unpacked / file, error)) continue;
    fs::create_directories((into / file).parent_path(), error);
    fs::copy(unpacked / file, into / file, fs::copy_options::copy_symlinks, error);
    if (error) throw writeFailure(into / file, error.value());
  }
}

fs::path unpackedSource(const std::string& tree, const Source& source, const Cache& cache,
                        Progress& progress) {
  const fs::path folder = sourceFolder(tree, source, cache);
  fs::path unpacked = folder / "pristine";
  std::error_code error;
  std::set<std::string> needed;
  for (const auto* each : architectures::all()) {
    needed.insert(each->source_directories.begin(), each->source_directories.end());
  }
  if (fs::exists(unpacked, error) &&
      std::ranges::includes(linesOf(folder / kArchitectures), needed)) {
    return unpacked;
  }
  requireSpace(folder, kTreeBytes, "the unpacked source of Linux " + source.release);
  progress.step("unpack linux " + source.release);
  const TemporaryFolder temporary(folder);
  const fs::path target = temporary.path() / "pristine";
  try {
    unpackTarball(source.tarball, target, neededForBuild, progress);
  } catch (const Failure&) {
    // A tarball of ours that is damaged: the next run gets it again.
    if (source.tarball.parent_path() == folder && hashOfFile(source.tarball) != source.hash) {
      fs::remove(source.tarball, error);
    }
    throw;
  }
  // The patched trees first: they are copies of it, and never looked at again.
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().native().starts_with("with-")) fs::remove_all(entry.path());
  }
  fs::remove_all(unpacked);
  writeFileAtomically(folder / kArchitectures, fmt::format("{}\n", fmt::join(needed, "\n")));
  fs::rename(target, unpacked, error);
  if (error) throw writeFailure(unpacked, error.value());
  removeOthers(folder);
  return unpacked;
}

}  // namespace runner
