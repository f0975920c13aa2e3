// SPDX-License-Identifier: GPL-2.0-only
#include "runner/base/disk_space.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <set>
#include <string>

namespace runner {

namespace fs = std::filesystem;

std::string sizeText(std::uintmax_t bytes) {
  const auto mebibytes = static_cast<double>(bytes) / (1 << 20);
  if (mebibytes >= 1024) return fmt::format("{:.1f} GiB", mebibytes / 1024);
  if (mebibytes >= 10) return fmt::format("{:.0f} MiB", mebibytes);
  return fmt::format("{:.1f} MiB", mebibytes);
}

std::uintmax_t diskUsage(const fs::path& directory) {
  constexpr std::uintmax_t kBlockBytes = 512;  // the unit of st_blocks, whatever the filesystem
  std::uintmax_t bytes = 0;
  std::set<ino_t> seen;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) != 0) continue;
    if (status.st_nlink > 1 && !S_ISDIR(status.st_mode) && !seen.insert(status.st_ino).second) {
      continue;
    }
    bytes += static_cast<std::uintmax_t>(status.st_blocks) * kBlockBytes;
  }
  return bytes;
}

void requireSpace(const fs::path& directory, std::uintmax_t bytes, std::string_view what_for) {
  std::error_code error;
  const fs::space_info space = fs::space(directory, error);
  if (error || space.available >= bytes) return;
  throw Failure(ExitStatus::environment,
                "not enough free space for {}: {} has {}, and about {} is needed.\n"
                "Free some space, or set XDG_CACHE_HOME to a directory on a larger disk.",
                what_for, directory.string(), sizeText(space.available), sizeText(bytes));
}

void makeDirectories(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw writeFailure(directory, error.value());
}

Failure writeFailure(const fs::path& place, int error) {
  if (error == ENOSPC || error == EDQUOT) {
    return {ExitStatus::environment,
            "the disk is full: cannot write to {}.\n"
            "Free some space, or set XDG_CACHE_HOME to a directory on a larger disk.",
            place.string()};
  }
  if (error == EFBIG) {
    return {ExitStatus::environment,
            "cannot write to {}: file sizes are limited; raise the limit (ulimit -f unlimited)",
            place.string()};
  }
  return {ExitStatus::environment, "cannot write to {}: {}", place.string(),
          std::generic_category().message(error)};
}

Failure writeFailure(const fs::filesystem_error& error) {
  return writeFailure(error.path2().empty() ? error.path1() : error.path2(), error.code().value());
}

}  // namespace runner
