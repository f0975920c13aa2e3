// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/explore/changes.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "model/step.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

// Of the mode, in turn, so that each call changes it.
int changeMode(const char* path) {
  struct stat status {};
  const int result = ::stat(path, &status);
  return result == 0 ? ::chmod(path, (status.st_mode & 07777U) ^ 0001U) : result;
}

}  // namespace

const std::vector<Change>& changes() {
  static const std::vector<Change> kChanges = {
      {"copy up", [](const char* existing, const char*) { return changeMode(existing); }},
      {"mode", [](const char* existing, const char*) { return changeMode(existing); }},
      {"owner", [](const char* existing, const char*) { return ::chown(existing, 1, 1); }},
      {"times",
       [](const char* existing, const char*) { return ::utimensat(-1, existing, nullptr, 0); }},
      {"attribute", [](const char* existing,
                       const char*) { return ::setxattr(existing, "user.note", "x", 1, 0); }},
      {"link", [](const char* existing, const char* made) { return ::link(existing, made); }},
      {"directory", [](const char*, const char* made) { return ::mkdir(made, 0700); }},
      {"symbolic link", [](const char*, const char* made) { return ::symlink("data", made); }},
      {"fifo", [](const char*, const char* made) { return ::mkfifo(made, 0600); }},
      {"link and rename",
       [](const char* existing, const char* made) {
         const int result = ::link(existing, made);
         return result == 0 ? ::rename(made, (std::string(made) + "-moved").c_str()) : result;
       }},
      {"link and unlink",
       [](const char* existing, const char* made) {
         const int result = ::link(existing, made);
         return result == 0 ? ::unlink(made) : result;
       }},
      {"directory and rmdir",
       [](const char*, const char* made) {
         const int result = ::mkdir(made, 0700);
         return result == 0 ? ::rmdir(made) : result;
       }},
  };
  return kChanges;
}

void makeAndRename(const View& view, const std::string& name) {
  const std::string path = view.path(name), before = path + "-before";
  sys::require(::mkdir(before.c_str(), 0700), "mkdir", before);
  sys::require(::rename(before.c_str(), path.c_str()), "rename", path);
}

sys::Result change(const std::string& title, const View& view, const std::string& made) {
  for (std::size_t i = 0; i < changes().size(); ++i) {
    if (changes()[i].title != title) continue;
    const std::string existing = view.path(i == model::kCopyUp ? "other-lower-file" : "other");
    return sys::Result::ofCall(changes()[i].call(existing.c_str(), view.path(made).c_str()));
  }
  throw std::out_of_range("no change '" + title + "'");
}

}  // namespace conformance
