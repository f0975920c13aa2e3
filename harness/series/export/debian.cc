// SPDX-License-Identifier: GPL-2.0-only
#include "series/export/debian.h"

#include <fmt/chrono.h>

#include <sstream>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "series/stored_patch.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Where Debian's linux package keeps fixes for all architectures.
constexpr std::string_view kPlace = "bugfix/all/ovl-syncfs";

// The paragraph that holds the place of "commit <sha> upstream." is only for mails to stable.
std::string withoutDraft(std::string body) {
  constexpr std::string_view kDraft = "\n[ Draft:";
  if (!body.starts_with(kDraft)) return body;
  return body.erase(0, body.find("\n\n") + 1);
}

// Accepts a directory of patches, existing or new, but not the source package around it.
void checkDirectory(const fs::path& directory) {
  std::error_code error;
  if (fs::exists(directory / "debian" / "patches", error)) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--debian {}: this is a source package; its patches are in {}",
                              directory.string(), (directory / "debian" / "patches").string()));
  }
  if (!fs::exists(directory, error)) return;
  if (!fs::is_directory(directory, error)) {
    throw Failure(ExitStatus::usage,
                  fmt::format("--debian {} is not a directory", directory.string()));
  }
  if (!fs::exists(directory / "series", error) && !fs::is_empty(directory, error)) {
    throw Failure(
        ExitStatus::usage,
        fmt::format("--debian {}: the directory has files, but none is named series: name "
                    "debian/patches of a source package, or a new directory",
                    directory.string()));
  }
}

// Only an earlier export may be replaced, never the user's own patches.
void checkPlace(const fs::path& place) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(place, error)) {
    const bool ours =
        entry.is_regular_file(error) &&
        readFile(entry.path()).find("\nOrigin: other, ovl-syncfs") != std::string::npos;
    if (ours) continue;
    throw Failure(
        ExitStatus::usage,
        fmt::format("{} was not made by an export, and its directory would be replaced: move it "
                    "elsewhere, together with its line in the file series",
                    entry.path().string()));
  }
}

// The file `series` itself, with symlinks resolved.
fs::path seriesFile(const fs::path& directory) {
  std::error_code error;
  fs::path file = fs::weakly_canonical(directory / "series", error);
  if (error) file = directory / "series";
  if (fs::exists(file, error) && !fs::is_regular_file(file, error)) {
    throw Failure(ExitStatus::usage, fmt::format("{} is not a file", file.string()));
  }
  return file;
}

// The file `series` without what an earlier export added to it.
std::string otherLines(const fs::path& file) {
  std::istringstream in(readFile(file));
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(std::string(kPlace) + '/')) text += line + '\n';
  }
  return text;
}

}  // namespace

std::string asDep3(const std::string& patch, const std::string& origin,
                   std::chrono::year_month_day date) {
  const StoredPatch stored = parsePatch(patch);
  const auto body = patch.find("\n\n");
  if (stored.diff.find("\n--- ") == std::string::npos) {
    throw Failure(ExitStatus::build, "a patch without a diff");
  }
  return fmt::format("Subject: {}\nOrigin: {}\nForwarded: no\nLast-Update: {:%Y-%m-%d}\n{}",
                     stored.subject, origin, std::chrono::sys_days(date),
                     withoutDraft(patch.substr(body + 1)));
}

std::vector<std::string> exportToDebian(const Series& series, const std::string& tree,
                                        const fs::path& directory,
                                        std::chrono::year_month_day date) {
  checkDirectory(directory);
  makeDirectories(directory);
  const fs::path place = directory / kPlace;
  checkPlace(place);
  const fs::path series_file = seriesFile(directory);
  const TemporaryDirectory temporary(directory);
  const fs::path made = temporary.path() / "made";
  makeDirectories(made);
  std::vector<std::string> names;
  for (const fs::path& patch : series.patches) {
    const std::string origin =
        fmt::format("other, ovl-syncfs, {} for {}, patch {} of {}", series.label(), tree,
                    names.size() + 1, series.patches.size());
    writeFileAtomically(made / patch.filename(), asDep3(readFile(patch), origin, date));
    names.push_back(fmt::format("{}/{}", kPlace, patch.filename().string()));
  }
  std::string lines = otherLines(series_file);
  for (const std::string& name : names) lines += name + '\n';
  makeDirectories(place.parent_path());
  std::error_code error;
  // A directory cannot be renamed over one that is not empty.
  const fs::path before = temporary.path() / "before";
  const bool replaces = fs::exists(place, error);
  if (replaces) fs::rename(place, before, error);
  if (!error) fs::rename(made, place, error);
  if (error) {
    std::error_code ignored;
    if (replaces) fs::rename(before, place, ignored);
    throw writeFailure(place, error.value());
  }
  const fs::file_status status = fs::status(series_file, error);
  writeFileAtomically(series_file, lines);
  if (fs::exists(status)) fs::permissions(series_file, status.permissions(), error);
  return names;
}

}  // namespace runner
