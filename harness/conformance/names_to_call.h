// SPDX-License-Identifier: GPL-2.0-only
// How an operation on a name is prepared.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "conformance/operations.h"
#include "sys/descriptor.h"
#include "sys/setup_error.h"

namespace conformance {

// A call on a name that was looked up before, so that the next walk finds it in the dcache and
// stays in RCU mode as long as nothing is wrong.
inline Preparation onName(const std::string& name, long (*call)(const char*)) {
  return [=](const View& view) -> Call {
    const std::string path = view.path(name);
    struct stat status {};
    sys::require(::lstat(path.c_str(), &status), "lstat", path);
    return [=] { return sys::Result::ofCall(call(path.c_str())); };
  };
}

// open(2), and close(2) of the result.
template <int kFlags>
long opened(const char* path) {
  const sys::Descriptor file(::open(path, kFlags | O_CLOEXEC, 0600));
  return file ? 0 : -1;
}

inline std::string makeSymbolicLink(const View& view) {
  std::string path = view.path("symbolic-link");
  sys::require(::symlink("data", path.c_str()), "symlink", path);
  return path;
}

inline Preparation onSymbolicLink(long (*call)(const char*)) {
  return [=](const View& view) -> Call {
    return
        [call, path = makeSymbolicLink(view)] { return sys::Result::ofCall(call(path.c_str())); };
  };
}

inline long statOnce(const char* path) {
  struct stat status {};
  return ::stat(path, &status);
}

}  // namespace conformance
