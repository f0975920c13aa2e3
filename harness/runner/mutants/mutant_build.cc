// SPDX-License-Identifier: GPL-2.0-only
#include "runner/mutants/mutant_build.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/build_tools.h"
#include "sys/child_process.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLinked = " -o vmlinux";

std::string replacedIn(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void overwrite(const fs::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw writeFailure(file, ENOSPC);
}

// Files that get another content, and their old one in the end.
class Restored {
 public:
  Restored() = default;
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
  ~Restored() {
    // In this order: a source that is newer than its object is compiled again.
    for (const auto& [file, text] : files_) std::ofstream(file, std::ios::binary) << text;
  }
  const std::string& keep(const fs::path& file) {
    files_.emplace_back(file, readFile(file));
    return files_.back().second;
  }

 private:
  std::vector<std::pair<fs::path, std::string>> files_;
};

// "fs/sync.c:7:2: error: ...", otherwise the last line.
std::string firstErrorIn(const std::string& output) {
  std::istringstream lines(output);
  std::string last = "the compiler says nothing";
  for (std::string line; std::getline(lines, line);) {
    if (line.contains("error: ")) return line;
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

std::string savedCommand(const fs::path& file) {
  std::istringstream lines(readFile(file));
  for (std::string line; std::getline(lines, line);) {
    const auto assigned = line.find(" := ");
    if (assigned == std::string::npos) continue;
    if (!line.starts_with("savedcmd_") && !line.starts_with("cmd_")) continue;
    return replacedIn(replacedIn(line.substr(assigned + 4), "$(pound)", "#"), "$$", "$");
  }
  return {};
}

MutantBuild::MutantBuild(const BuildRequest& request, const Cache& cache, Progress& progress)
    : source_(request.source), directory_(request.directory), cache_(cache) {
  buildKernel(request, cache, progress);
  findOutHowToLink(request, progress);
  findObjects();
}

void MutantBuild::findOutHowToLink(const BuildRequest& request, Progress& progress) {
  const fs::path remembered = directory_ / "link";
  const std::string key = request.configuration_key + '\n';
  link_ = readFile(remembered);
  if (link_.starts_with(key)) {
    link_.erase(0, key.size());
    return;
  }
  link_.clear();
  progress.step("find out how to link " + request.name);
  std::error_code error;
  for (const char* name : {"vmlinux", "vmlinux.unstripped", "linux"}) {
    fs::remove(directory_ / name, error);
  }
  sys::Command command = makeCommand(
      {source_, directory_, request.architecture.name, request.architecture.compiler_prefix},
      {"V=1", request.architecture.target}, cache_);
  command.environment["LOCALVERSION"] = "";
  runLines(command, [&](std::string_view line) {
    if (line.starts_with("+ ") && line.contains(kLinked)) link_ = line.substr(2);
  });
  if (link_.empty()) {
    throw Failure(ExitStatus::build, "make does not say how it links {} in {}", request.name,
                  directory_.string());
  }
  writeFileAtomically(remembered, key + link_);
}

// Reads what kbuild notes about each object: `  /source/include/linux/fs.h \`.
void MutantBuild::findObjects() {
  const std::string mark = "  " + source_.string() + '/';
  for (const char* top : {"fs", "mm", "kernel", "lib", "block", "drivers", "init", "ipc",
                          "security", "net", "crypto", "io_uring", "arch"}) {
    if (!fs::exists(directory_ / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ / top)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with('.') || !name.ends_with(".o.cmd")) continue;
      const fs::path object = entry.path().parent_path().lexically_relative(directory_) /
                              name.substr(1, name.size() - 5);
      std::istringstream lines(readFile(entry.path()));
      for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("source_")) {
          const auto at = line.find(mark.substr(2));
          if (at != std::string::npos) {
            objects_[line.substr(at + mark.size() - 2)].push_back(object.string());
          }
        } else if (line.starts_with(mark)) {
          const auto end = std::min(line.find(' ', mark.size()), line.size());
          objects_[line.substr(mark.size(), end - mark.size())].push_back(object.string());
        }
      }
    }
  }
}

sys::Exit MutantBuild::run(const std::string& command, std::string& output) const {
  // A guest may run beside it, which must not look as if it hung.
  sys::Command shell{{"nice", "-n", "10", "/bin/sh", "-c", command}, directory_};
  shell.environment = {{"LC_ALL", "C"}, {"CCACHE_DEPEND", "1"}};
  if (std::getenv("CCACHE_DIR") == nullptr) {
    shell.environment["CCACHE_DIR"] = cache_.directory("ccache").string();
  }
  return sys::runCommand(shell, output, [] {});
}

void MutantBuild::link(const fs::path& image) const {
  const auto at = link_.find(kLinked);
  const auto end = std::min(link_.find(' ', at + kLinked.size()), link_.size());
  std::string output, command = link_;
  command.replace(at, end - at, fmt::format(" -o '{}'", image.string()));
  if (const sys::Exit exit = run(command, output); !exit.ok()) {
    throw Failure(ExitStatus::build, "{} does not link: {}", image.string(), output);
  }
}

// Two at a time. Returns the first error.
std::optional<std::string> MutantBuild::compile(const std::vector<std::string>& objects) const {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<std::string> failed;
  std::exception_ptr problem;
  const auto work = [&] {
    for (std::size_t i = next++; i < objects.size(); i = next++) {
      const fs::path object = directory_ / objects[i];
      const std::string note = fmt::format(".{}.cmd", object.filename().string());
      std::string output;
      bool ok = false;
      try {
        ok = run(savedCommand(object.parent_path() / note), output).ok();
      } catch (...) {
        const std::lock_guard lock(mutex);
        problem = std::current_exception();
      }
      if (ok) continue;
      const std::lock_guard lock(mutex);
      failed = firstErrorIn(output);
      next = objects.size();
    }
  };
  {
    const std::jthread other(work);
    work();
  }
  if (problem) std::rethrow_exception(problem);
  return failed;
}

MutantBuild::Result MutantBuild::build(const ChangedFiles& mutant, const fs::path& image) const {
  using Kind = Result::Kind;
  std::set<std::string> objects;
  for (const auto& [name, text] : mutant) {
    const auto depending = objects_.find(name);
    if (depending == objects_.end()) continue;
    objects.insert(depending->second.begin(), depending->second.end());
  }
  if (objects.empty()) return {Kind::identical, "this kernel is built without that code"};
  Restored restored;
  for (const auto& [name, text] : mutant) {
    restored.keep(source_ / name);
    // Another file in its place: the old one may be a hard link.
    std::error_code error;
    fs::remove(source_ / name, error);
    overwrite(source_ / name, text);
  }
  std::map<std::string, std::string> before;
  for (const std::string& object : objects) before[object] = restored.keep(directory_ / object);
  if (const auto error = compile({objects.begin(), objects.end()})) return {Kind::invalid, *error};
  const auto is_as_before = [&](const auto& object) {
    return readFile(directory_ / object.first) == object.second;
  };
  if (std::ranges::all_of(before, is_as_before)) {
    return {Kind::identical, "the object code is the same"};
  }
  link(image);
  return {Kind::image, {}};
}

}  // namespace runner
