// SPDX-License-Identifier: GPL-2.0-only
#include "sys/sysctl.h"

#include <cerrno>
#include <fstream>
#include <iostream>

#include "sys/setup_error.h"

namespace sys {
namespace {

bool writeTo(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

}  // namespace

void dropCaches(Caches caches) {
  const std::string path = "/proc/sys/vm/drop_caches";
  if (!writeTo(path, std::to_string(static_cast<int>(caches)))) {
    throw SetupError("write", path, EINVAL);
  }
}

Sysctl::Sysctl(const std::string& name, long value, const std::string& restored)
    : restored_("/proc/sys/" + (restored.empty() ? name : restored)) {
  std::ifstream(restored_) >> before_;
  if (before_.empty()) throw SetupError("read", restored_, ENOENT);
  const std::string path = "/proc/sys/" + name;
  if (!writeTo(path, std::to_string(value))) throw SetupError("write", path, EINVAL);
}

Sysctl::~Sysctl() {
  if (!writeTo(restored_, before_)) std::cerr << "write " << restored_ << ": failed\n";
}

}  // namespace sys
