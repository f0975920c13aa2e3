// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/leftovers.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "architectures/registry.h"
#include "runner/base/failure.h"
#include "sys/child_process.h"
#include "sys/setup_error.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

// What the kernel's Makefile checks before it builds out of tree.
std::vector<std::string> signsOfABuild() {
  std::vector<std::string> signs = {".config", "include/config"};
  for (const auto* each : architectures::all()) {
    signs.push_back("arch/" + each->source_directories.front() + "/include/generated");
  }
  return signs;
}

sys::Output gitIn(const fs::path& source, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-C", source.string()});
  return sys::runCommand({.arguments = std::move(arguments)});
}

// Whether git ignores what is built, and only that.
bool gitTells(const fs::path& source) {
  constexpr int kNotIgnored = 1;
  return gitIn(source, {"check-ignore", "--quiet", "--no-index", "x.o"}).exit.ok() &&
         gitIn(source, {"check-ignore", "--quiet", "--no-index", "Makefile"}).exit.code ==
             kNotIgnored;
}

// Removes the files that git ignores. False: it could not tell.
bool leaveOutIgnored(const fs::path& source, std::set<std::string>& names) {
  try {
    if (!gitTells(source)) return false;
    const sys::Output ignored = gitIn(
        source, {"ls-files", "--others", "--ignored", "--exclude-per-directory=.gitignore", "-z"});
    std::istringstream text(ignored.text);
    for (std::string name; std::getline(text, name, '\0');) names.erase(name);
    return ignored.exit.ok();
  } catch (const sys::SetupError&) {
    return false;  // no git
  }
}

// ".a.o.cmd" belongs to "a.o". Work trees of others, which links lead to, have these, too.
void leaveOutRecorded(std::set<std::string>& names) {
  constexpr std::string_view kEnd = ".cmd";
  std::vector<fs::path> records;
  for (const std::string& name : names) {
    const fs::path path = name;
    const std::string file = path.filename().string();
    if (file.starts_with('.') && file.ends_with(kEnd) && file.size() > kEnd.size() + 1) {
      records.push_back(path);
    }
  }
  for (const fs::path& record : records) {
    const std::string file = record.filename().string();
    names.erase((record.parent_path() / file.substr(1, file.size() - 1 - kEnd.size())).string());
    names.erase(record.string());
  }
}

}  // namespace

std::string leftoverIn(const fs::path& source) {
  std::error_code error;
  for (std::string& sign : signsOfABuild()) {
    if (fs::exists(source / sign, error)) return std::move(sign);
  }
  return {};
}

void refuseLeftovers(const fs::path& source) {
  const std::string left = leftoverIn(source);
  if (left.empty()) return;
  throw Failure(ExitStatus::usage,
                "{} was configured or built in place ({} exists), so kbuild cannot build it out of "
                "tree.\nRun `make mrproper` there (it removes .config, so keep a copy), or use a "
                "clean checkout: git worktree add.",
                source.string(), left);
}

void leaveOutBuilt(const fs::path& source, std::set<std::string>& names) {
  if (!leftoverIn(source).empty()) {
    if (!leaveOutIgnored(source, names)) refuseLeftovers(source);
    for (const std::string& sign : signsOfABuild()) {
      const auto stays = [&](const std::string& name) {
        return name == sign || name.starts_with(sign + '/');
      };
      if (std::ranges::any_of(names, stays)) refuseLeftovers(source);  // git tracks it
    }
  }
  leaveOutRecorded(names);
}

}  // namespace runner
