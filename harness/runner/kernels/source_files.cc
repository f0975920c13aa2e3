// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/source_files.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "runner/base/failure.h"
#include "runner/kernels/leftovers.h"
#include "runner/kernels/unpack.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

bool isBelow(const fs::path& path, const fs::path& directory) {
  return std::ranges::mismatch(directory, path).in1 == directory.end();
}

Failure unreadableDirectory(const fs::path& directory, const std::error_code& error) {
  return {ExitStatus::environment, "cannot read {}: {}", directory.string(), error.message()};
}

class SourceWalk {
 public:
  explicit SourceWalk(fs::path source) : source_(std::move(source)) {}

  std::map<std::string, fs::path> run() {
    enter(source_, {});
    std::set<std::string> names;
    for (const auto& [name, path] : files_) names.insert(name);
    leaveOutBuilt(source_, names);
    std::erase_if(files_, [&](const auto& file) { return !names.contains(file.first); });
    return std::move(files_);
  }

 private:
  // directory: canonical; prefix: its name in the copy.
  void enter(const fs::path& directory, const fs::path& prefix) {
    std::error_code error;
    entered_.push_back(directory);
    fs::directory_iterator next(directory, error);
    for (const fs::directory_iterator end; !error && next != end; next.increment(error)) {
      sys::throwIfInterrupted();
      if (next->path().filename() != ".git") take(*next, prefix / next->path().filename());
    }
    if (error) throw unreadableDirectory(directory, error);
    entered_.pop_back();
  }

  void take(const fs::directory_entry& entry, const fs::path& name) {
    std::error_code error;
    const fs::path& path = entry.path();
    if (entry.is_symlink(error)) {
      takeLink(path, name);
    } else if (entry.is_directory(error)) {
      enter(path, name);
    } else if (entry.is_regular_file(error)) {
      add(name, path);
    }
  }

  void takeLink(const fs::path& path, const fs::path& name) {
    std::error_code error;
    const fs::path target = fs::canonical(path, error);
    const bool there = !error;
    if (!there || leadsThereFromCopy(path, name, target)) return add(name, path);
    if (fs::is_regular_file(target, error)) return add(name, target);
    const bool around = std::ranges::any_of(
        entered_, [&](const fs::path& directory) { return isBelow(directory, target); });
    if (fs::is_directory(target, error) && !around) return enter(target, name);
    add(name, path);
  }

  // Whether the link, as it is, leads to the copy of its target.
  bool leadsThereFromCopy(const fs::path& path, const fs::path& name,
                          const fs::path& target) const {
    std::error_code error;
    const fs::path text = fs::read_symlink(path, error);
    const fs::path named = (name.parent_path() / text).lexically_normal();
    return text.is_relative() && isBelow(path, source_) && isBelow(target, source_) &&
           (named.empty() || *named.begin() != "..");
  }

  void add(const fs::path& name, const fs::path& path) {
    if (neededForBuild(name.string())) files_[name.string()] = path;
  }

  const fs::path source_;
  std::vector<fs::path> entered_;  // the directories around the current one
  std::map<std::string, fs::path> files_;
};

}  // namespace

std::map<std::string, fs::path> sourceFiles(const fs::path& source) {
  std::error_code error;
  fs::path canonical = fs::canonical(source, error);
  if (error) throw unreadableDirectory(source, error);
  return SourceWalk(std::move(canonical)).run();
}

}  // namespace runner
