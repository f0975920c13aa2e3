// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/package.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/kept_entries.h"
#include "runner/kernels/module_tree.h"
#include "runner/kernels/package_reader.h"
#include "sys/descriptor.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// Part of every key; change it whenever the same package would be unpacked differently.
constexpr std::string_view kUnpackRecipe = "1";
// Modules are compressed in the package or were uncompressed before: what is unpacked from a
// package is at most about five times as large.
constexpr std::uintmax_t kUnpackedFactor = 5;

// No guest needs these, and no module that it needs depends on them; they are most of the modules.
constexpr std::array<std::string_view, 9> kUnneeded = {"kernel/drivers/gpu/",
                                                       "kernel/drivers/infiniband/",
                                                       "kernel/drivers/media/",
                                                       "kernel/drivers/net/",
                                                       "kernel/drivers/staging/",
                                                       "kernel/drivers/usb/",
                                                       "kernel/drivers/iio/",
                                                       "kernel/net/",
                                                       "kernel/sound/"};

// The packages of one kernel for distributions that do not name them to us: "kernel-core-V.rpm" has
// no modules, the others do.
constexpr std::string_view kFedoraKernel = "kernel-core-";
constexpr std::array<std::string_view, 2> kFedoraModules = {"kernel-modules-core-",
                                                            "kernel-modules-"};

// Where to unpack a file to: "lib/modules/6.1.0/modules.order"; empty: not at all.
std::string pathInTree(std::string_view name) {
  if (name.starts_with("usr/lib/modules/")) name.remove_prefix(4);
  if (name.find("..") != std::string_view::npos) return {};
  if (name.starts_with("boot/")) return std::string(name);
  if (!name.starts_with("lib/modules/")) return {};
  const bool unneeded = std::ranges::any_of(
      kUnneeded, [&](auto each) { return name.find(each) != std::string_view::npos; });
  return unneeded ? std::string() : std::string(name);
}

// The fields of a Debian package's control file.
std::map<std::string, std::string> controlOf(const fs::path& package) {
  PackageReader reader(package, true);
  std::map<std::string, std::string> fields;
  while (const auto name = reader.next()) {
    if (*name != "control") continue;
    std::istringstream lines(reader.text());
    std::string field;
    for (std::string line; std::getline(lines, line);) {
      const std::size_t colon = line.find(':');
      if (line.starts_with(' ') || colon == std::string::npos) {
        fields[field] += line;
      } else {
        field = line.substr(0, colon);
        fields[field] = line.substr(std::min(line.size(), colon + 2));
      }
    }
  }
  return fields;
}

// A Debian package that has a part of the kernel: "linux-modules-6.1.0-13" but not "linux-base".
bool isPartOfKernel(const std::string& name) {
  return name.starts_with("linux-") &&
         std::ranges::any_of(name, [](unsigned char c) { return std::isdigit(c) != 0; });
}

// Splits "a (= 1) | b, c" into {"a (= 1) | b", "c"}.
std::vector<std::string> relationsIn(const std::string& text) {
  std::vector<std::string> relations;
  std::istringstream list(text);
  for (std::string each; std::getline(list, each, ',');) {
    each.erase(0, each.find_first_not_of(' '));
    relations.push_back(each);
  }
  return relations;
}

// The newest file in a directory whose name has that beginning and end.
std::optional<fs::path> fileNamed(const fs::path& directory, const std::string& beginning,
                                  const std::string& end) {
  std::optional<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(beginning) || !name.ends_with(end)) continue;
    if (!found || *found < entry.path()) found = entry.path();
  }
  return found;
}

void findDebianParts(SplitPackage& split) {
  // The list grows: a package may depend on one that depends on a third.
  for (std::size_t i = 0; i < split.files.size(); ++i) {
    const auto fields = controlOf(split.files[i]);
    const auto field = [&](const char* name) {
      const auto found = fields.find(name);
      return found == fields.end() ? std::string() : found->second;
    };
    for (const std::string& relation : relationsIn(field("Depends"))) {
      const std::string name = relation.substr(0, relation.find_first_of(" (|"));
      if (!isPartOfKernel(name) || relation.find('|') != std::string::npos) continue;
      // A file name leaves out the epoch of the version.
      std::string version = field("Version");
      version.erase(0, version.find(':') + 1);
      const bool exact = relation.find("(= ") != std::string::npos;
      const std::string end = '_' + field("Architecture") + ".deb";
      const std::string beginning = name + '_' + (exact ? version + end : "");
      const auto file = fileNamed(split.files.front().parent_path(), beginning, end);
      if (!file) {
        split.absent.push_back(exact ? beginning : beginning + "*.deb");
      } else if (std::ranges::count(split.files, *file) == 0) {
        split.files.push_back(*file);
      }
    }
  }
}

void findRpmParts(SplitPackage& split) {
  const fs::path package = split.files.front();
  const std::string name = package.filename();
  if (!name.starts_with(kFedoraKernel)) return;
  for (const std::string_view beginning : kFedoraModules) {
    const std::string part = std::string(beginning) + name.substr(kFedoraKernel.size());
    std::error_code error;
    if (fs::exists(package.parent_path() / part, error)) {
      split.files.push_back(package.parent_path() / part);
    } else {
      split.absent.push_back(part);
    }
  }
}

void unpackInto(const fs::path& root, const std::vector<fs::path>& packages, Progress& progress) {
  for (const fs::path& package : packages) {
    progress.step(fmt::format("unpack {}", package.filename().string()));
    PackageReader reader(package);
    while (const auto name = reader.next()) {
      if (const std::string place = pathInTree(*name); !place.empty()) {
        progress.advance(std::nullopt, place);
        reader.extract(root / place);
      }
    }
  }
  std::error_code error;
  for (const auto& modules : fs::directory_iterator(root / "lib/modules", error)) {
    runDepmod(root, modules.path().filename());
  }
}

}  // namespace

SplitPackage findSplitPackage(const fs::path& package) {
  SplitPackage split;
  std::error_code error;
  split.files = {fs::canonical(package, error)};
  if (package.extension() == ".rpm") {
    findRpmParts(split);
  } else {
    findDebianParts(split);
  }
  return split;
}

fs::path unpackedPackages(const std::vector<fs::path>& packages, const Cache& cache,
                          Progress& progress) {
  std::string key(kUnpackRecipe);
  std::uintmax_t bytes = 0;
  for (const fs::path& package : packages) {
    key += '\n' + hashOfFile(package);
    std::error_code error;
    bytes += fs::file_size(package, error);
  }
  const std::string name = packages.front().stem().string() + '-' + hashOfText(key).substr(0, 12);
  const fs::path directory = cache.directory("packages");
  fs::path entry = directory / name;
  const CacheLock held = cache.lock("packages");
  std::error_code error;
  if (!fs::exists(entry, error)) {
    requireSpace(directory, bytes * kUnpackedFactor, packages.front().filename().string());
    const TemporaryDirectory temporary(directory);
    const fs::path made = temporary.path() / name;
    makeDirectories(made);
    unpackInto(made, packages, progress);
    // So that a power failure leaves no entry with empty files.
    const sys::Descriptor synced(::open(made.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!synced || ::syncfs(synced.get()) != 0) throw writeFailure(made, errno);
    fs::rename(made, entry);
  }
  keepEntry(entry);
  return entry;
}

}  // namespace runner
