// SPDX-License-Identifier: GPL-2.0-only
#include "runner/kernels/source_copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "runner/base/cache.h"
#include "runner/base/disk_space.h"
#include "runner/base/failure.h"
#include "runner/kernels/patched_tree.h"
#include "runner/kernels/source_files.h"
#include "sys/descriptor.h"
#include "sys/interrupt.h"

namespace runner {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kCopyBytes = 1100u << 20;  // what a build needs, with some room

// A file of the user's as it was when it was copied.
struct CopiedFile {
  std::string stamp;  // changes whenever the file does
  std::string hash;   // of its type, mode and content
};
using Files = std::map<std::string, fs::path>;
using Manifest = std::map<std::string, CopiedFile>;  // by name in the tree

// One line per file: stamp, hash, name. A name with a newline in it is copied in each run.
Manifest readManifest(const fs::path& file) {
  Manifest manifest;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    CopiedFile copied;
    std::string name;
    if (words >> copied.stamp >> copied.hash && words.get() == ' ' && std::getline(words, name)) {
      manifest[name] = copied;
    }
  }
  return manifest;
}

std::string textOf(const Manifest& manifest) {
  std::string text;
  for (const auto& [name, file] : manifest) {
    text += fmt::format("{} {} {}\n", file.stamp, file.hash, name);
  }
  return text;
}

std::string hashOf(const Manifest& manifest) {
  std::string text;
  for (const auto& [name, file] : manifest) text += fmt::format("{} {}\n", file.hash, name);
  return hashOfText(text);
}

Failure unreadableFile(const fs::path& file, int error) {
  return {ExitStatus::environment, "cannot read {}: {}", file.string(),
          std::generic_category().message(error)};
}

// An edit in place changes the time of the inode, whatever it does to the file's.
std::string stampOfOwn(const struct stat& status) {
  return fmt::format("{:x}-{:x}-{:x}-{:x}.{:x}", status.st_mode, status.st_ino, status.st_size,
                     status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

// Empty if there is no such file.
std::string hashOfCopy(const fs::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) return {};
  if (S_ISLNK(status.st_mode)) return 'l' + hashOfText(fs::read_symlink(file).string());
  return ((status.st_mode & S_IXUSR) != 0 ? 'x' : '-') + hashOfFile(file);
}

// Shares the blocks if the filesystem can.
void copyFile(const fs::path& from, const fs::path& to, const struct stat& status) {
  std::error_code error;
  if (S_ISLNK(status.st_mode)) {
    fs::copy_symlink(from, to, error);
    if (error) throw writeFailure(to, error.value());
    return;
  }
  const sys::Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) throw unreadableFile(from, errno);
  {
    const mode_t mode = (status.st_mode & S_IXUSR) != 0 ? 0755 : 0644;
    const sys::Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!out) throw writeFailure(to, errno);
    if (::ioctl(out.get(), FICLONE, in.get()) == 0) return;
  }
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) throw writeFailure(to, error.value());
  fs::permissions(to, fs::perms::owner_write, fs::perm_options::add, error);
}

class SourceCopier {
 public:
  SourceCopier(const fs::path& source, const fs::path& directory, Progress& progress)
      : source_(source), directory_(directory), progress_(progress) {}

  SourceCopy run() {
    const fs::path list = directory_ / "files", pristine = directory_ / "pristine";
    std::error_code error;
    if (fs::exists(pristine, error)) before_ = readManifest(list);
    progress_.step("copy " + source_.string());
    const Files files = sourceFiles(source_);
    const TemporaryDirectory scratch(directory_);
    if (before_.empty()) {
      requireSpace(directory_, kCopyBytes, "a copy of " + source_.string());
      removeBeside(pristine, "with-");
      fs::remove_all(pristine);
      copyTo(scratch.path() / "pristine", files, scratch.path() / "file");
      fs::rename(scratch.path() / "pristine", pristine);
    } else {
      copyTo(pristine, files, scratch.path() / "file");
      if (!changed_.empty()) followPristine(pristine, changed_);
    }
    // Last: after an interruption the next run finds the same changes.
    writeFileAtomically(list, textOf(now_));
    return {pristine, hashOf(now_)};
  }

 private:
  void copyTo(const fs::path& copy, const Files& files, const fs::path& scratch) {
    std::error_code error;
    // First: a directory may take the place of a file.
    for (const auto& [name, file] : before_) {
      if (files.contains(name)) continue;
      fs::remove(copy / name, error);
      changed_.insert(name);
    }
    std::size_t done = 0;
    for (const auto& [name, from] : files) {
      sys::throwIfInterrupted();
      progress_.advance(static_cast<double>(done++) / static_cast<double>(files.size()), name);
      take(name, from, copy / name, scratch);
    }
  }

  void take(const std::string& name, const fs::path& from, const fs::path& to,
            const fs::path& scratch) {
    struct stat status {};
    if (::lstat(from.c_str(), &status) != 0) throw unreadableFile(from, errno);
    CopiedFile file{stampOfOwn(status), {}};
    const auto before = before_.find(name);
    if (before != before_.end() && before->second.stamp == file.stamp) {
      now_[name] = before->second;
      return;
    }
    std::error_code error;
    fs::remove(scratch, error);
    copyFile(from, scratch, status);
    file.hash = hashOfCopy(scratch);
    // The same content keeps its time, so that make has nothing to do.
    if (hashOfCopy(to) != file.hash) {
      fs::remove_all(to, error);
      fs::create_directories(to.parent_path(), error);
      fs::rename(scratch, to, error);
      if (error) throw writeFailure(to, error.value());
    }
    changed_.insert(name);  // also if an interrupted run has copied it already
    now_[name] = std::move(file);
  }

  const fs::path source_, directory_;
  Progress& progress_;
  Manifest before_, now_;
  std::set<std::string> changed_;
};

}  // namespace

SourceCopy copySource(const fs::path& source, const fs::path& directory, Progress& progress) {
  return SourceCopier(source, directory, progress).run();
}

}  // namespace runner
