// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/layer_snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <sstream>
#include <string_view>

#include "conformance/cases/steps.h"
#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

constexpr std::size_t kLongestList = 1024;  // bytes, of names of attributes

// The path and all below it, without a change of an access time.
void eachPath(const std::string& path, const std::function<void(const std::string&)>& visit) {
  visit(path);
  struct stat status {};
  sys::require(::lstat(path.c_str(), &status), "lstat", path);
  if (!S_ISDIR(status.st_mode)) return;
  const int opened = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOATIME | O_CLOEXEC);
  sys::require(opened, "open", path);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(opened), ::closedir);
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") eachPath((path + '/').append(name), visit);
  }
}

std::string attributes(const std::string& path) {
  std::array<char, kLongestList> names{};
  const long length = ::llistxattr(path.c_str(), names.data(), names.size());
  if (length < 0 && errno == EOPNOTSUPP) return "";
  sys::require(length, "llistxattr", path);
  std::string text;
  for (std::string_view rest(names.data(), static_cast<std::size_t>(length)); !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(name.size() + 1);
    std::array<char, kLongestList> value{};
    const long bytes = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    sys::require(bytes, "lgetxattr", path);
    text += ' ' + name + '=' +
            std::to_string(std::hash<std::string_view>()(
                std::string_view(value.data(), static_cast<std::size_t>(bytes))));
  }
  return text;
}

// Of a regular file or a directory.
std::string content(const std::string& path, mode_t mode) {
  if (!S_ISREG(mode) && !S_ISDIR(mode)) return "";
  const sys::File file(path, O_RDONLY | O_NOATIME | O_NONBLOCK);
  int flags = 0;
  if (::ioctl(file.descriptor(), FS_IOC_GETFLAGS, &flags) != 0) flags = 0;
  std::string text = " flags " + std::to_string(flags & FS_NODUMP_FL);
  if (S_ISDIR(mode)) return text;
  std::array<char, kBytes> page{};
  const long bytes = ::pread(file.descriptor(), page.data(), page.size(), 0);
  sys::require(bytes, "read", path);
  return text + " data " +
         std::to_string(std::hash<std::string_view>()(
             std::string_view(page.data(), static_cast<std::size_t>(bytes))));
}

}  // namespace

LayerSnapshot takeSnapshot(const std::string& directory) {
  LayerSnapshot snapshot;
  eachPath(directory, [&](const std::string& path) {
    struct stat status {};
    sys::require(::lstat(path.c_str(), &status), "lstat", path);
    std::ostringstream text;
    text << std::oct << "mode " << status.st_mode << std::dec << " owner " << status.st_uid << ':'
         << status.st_gid << " links " << status.st_nlink << " size " << status.st_size
         << " accessed " << status.st_atim.tv_sec << " changed " << status.st_mtim.tv_sec
         << attributes(path) << content(path, status.st_mode);
    snapshot[path] = text.str();
  });
  return snapshot;
}

void setOldTimes(const std::string& directory) {
  constexpr timespec kOld[] = {{1, 0}, {1, 0}};
  eachPath(directory, [&](const std::string& path) {
    sys::require(::utimensat(AT_FDCWD, path.c_str(), kOld, AT_SYMLINK_NOFOLLOW), "utimensat", path);
  });
}

std::string differences(const LayerSnapshot& before, const LayerSnapshot& after) {
  std::ostringstream text;
  for (const auto& [path, was] : before) {
    const auto is = after.find(path);
    if (is == after.end()) {
      text << '\n' << path << " is gone";
    } else if (is->second != was) {
      text << '\n' << path << ": was " << was << ", is " << is->second;
    }
  }
  for (const auto& [path, is] : after) {
    if (!before.contains(path)) text << '\n' << path << " is new: " << is;
  }
  return text.str();
}

}  // namespace conformance
