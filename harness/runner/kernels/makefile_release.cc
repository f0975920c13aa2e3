// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/makefile_release.h"

#include <charconv>
#include <cstdlib>
#include <sstream>

#include "runner/base/cache.h"
#include "runner/base/failure.h"

namespace runner {

namespace {

// Releases before 3.0, at a place of their own; then 3.0, 3.1, ... in one row.
int placeInOrder(std::string_view release) {
  int major = 0, minor = 0;
  const char* const end = release.data() + release.size();
  const auto [rest, error] = std::from_chars(release.data(), end, major);
  if (error == std::errc() && rest != end && *rest == '.') std::from_chars(rest + 1, end, minor);
  // 3.19, 4.20, 5.19 and 6.19 were the last of their kind. Later ones are expected to follow suit.
  int place = minor;
  for (int each = 3; each < major; ++each) place += each == 4 ? 21 : 20;
  return major < 3 ? -1 : place;
}

}  // namespace

std::string makefileValue(const std::string& makefile, std::string_view name) {
  std::istringstream lines(makefile);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, equals, value;
    if (words >> key >> equals >> value && key == name && equals == "=") return value;
  }
  return {};
}

std::string releaseInMakefile(const std::string& makefile) {
  std::string release = makefileValue(makefile, "VERSION");
  if (release.empty()) return release;
  release += '.' + makefileValue(makefile, "PATCHLEVEL");
  const std::string sublevel = makefileValue(makefile, "SUBLEVEL");
  if (!sublevel.empty() && sublevel != "0") release += '.' + sublevel;
  return release + makefileValue(makefile, "EXTRAVERSION");
}

std::string releaseOfSource(const std::filesystem::path& directory, const std::string& named) {
  std::string release = releaseInMakefile(readFile(directory / "Makefile"));
  if (!release.empty()) return release;
  throw Failure(ExitStatus::usage,
                "{}: its Makefile names no VERSION, so no series can be applied. Name the top "
                "directory of kernel source",
                named);
}

int releasesApart(std::string_view one, std::string_view other) {
  return std::abs(placeInOrder(one) - placeInOrder(other));
}

}  // namespace runner
