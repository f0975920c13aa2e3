// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/split_package.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "runner/base/failure.h"
#include "runner/base/words.h"
#include "runner/kernels/archive.h"
#include "runner/kernels/build.h"
#include "runner/kernels/package_reader.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

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

void requireArchitecture(const fs::path& package, const std::string& architecture) {
  const std::string& ours = hostArchitecture().debian;
  if (architecture.empty() || architecture == "all" || architecture == ours) return;
  throw Failure(ExitStatus::usage,
                "{} is a package for {}, but the guests on this host are {}: name the package of "
                "that kernel for {}",
                package.string(), architecture, ours, ours);
}

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// A Debian package that has a part of the kernel: "linux-modules-6.1.0-13" but not "linux-base".
bool isPartOfKernel(const std::string& name) {
  return name.starts_with("linux-") && std::ranges::any_of(name, isDigit);
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

std::string withoutEpoch(const std::string& version) {
  return version.substr(version.find(':') + 1);  // npos + 1 is 0
}

// The newest package of that name in a directory, of that version unless it is empty. end:
// "_amd64.deb".
std::optional<fs::path> newestNamed(const fs::path& directory, const std::string& name,
                                    const std::string& wanted, const std::string& end) {
  const std::string beginning = name + '_';
  std::optional<fs::path> found;
  std::string newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string file = entry.path().filename();
    if (file.size() <= beginning.size() + end.size()) continue;
    if (!file.starts_with(beginning) || !file.ends_with(end)) continue;
    std::string version =
        file.substr(beginning.size(), file.size() - beginning.size() - end.size());
    // As apt writes an epoch; other names leave it out.
    if (const auto epoch = version.find("%3a"); epoch != std::string::npos) {
      version.replace(epoch, 3, ":");
    }
    if (!wanted.empty() && withoutEpoch(version) != wanted) continue;
    if (found && !olderVersion(newest, version)) continue;
    found = entry.path();
    newest = version;
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
    requireArchitecture(split.files[i], field("Architecture"));
    for (const std::string& relation : relationsIn(field("Depends"))) {
      const std::string name = relation.substr(0, relation.find_first_of(" (|"));
      if (!isPartOfKernel(name) || relation.find('|') != std::string::npos) continue;
      const bool exact = relation.find("(= ") != std::string::npos;
      const std::string version = exact ? withoutEpoch(field("Version")) : "";
      const std::string end = '_' + field("Architecture") + ".deb";
      const auto file = newestNamed(split.files.front().parent_path(), name, version, end);
      if (!file) {
        addOnce(split.absent, fmt::format("{}_{}", name, exact ? version + end : "*.deb"));
      } else if (std::ranges::count(split.files, *file) == 0) {
        split.files.push_back(*file);
      }
    }
  }
}

// "kernel-core-V.rpm" has no modules; "kernel-modules-core-V.rpm" and "kernel-modules-V.rpm" do.
// Other variants have theirs: "kernel-rt-core-", "kernel-rt-modules-core-".
void findRpmParts(SplitPackage& split) {
  constexpr std::string_view kCore = "-core-";
  const fs::path package = split.files.front();
  const std::string name = package.filename();
  const std::size_t core = name.find(kCore);
  if (!name.starts_with("kernel") || core == std::string::npos) return;
  const std::string variant = name.substr(0, core), rest = name.substr(core + kCore.size());
  if (variant.ends_with("-modules")) return;
  for (const char* modules : {"-modules-core-", "-modules-"}) {
    const std::string part = fmt::format("{}{}{}", variant, modules, rest);
    std::error_code error;
    if (fs::exists(package.parent_path() / part, error)) {
      split.files.push_back(package.parent_path() / part);
    } else {
      split.absent.push_back(part);
    }
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

}  // namespace runner
