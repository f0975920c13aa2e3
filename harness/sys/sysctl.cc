// SPDX-License-Identifier: GPL-2.0
#include "sys/sysctl.h"

#include <cerrno>
#include <fstream>
#include <iostream>

#include "sys/setup_error.h"

namespace sys {
namespace {

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

}  // namespace

Sysctl::Sysctl(const std::string& name, long value) : path_("/proc/sys/" + name) {
  std::ifstream(path_) >> before_;
  if (before_.empty()) throw SetupError("read", path_, ENOENT);
  if (!write(path_, std::to_string(value))) throw SetupError("write", path_, EINVAL);
}

Sysctl::~Sysctl() {
  if (!write(path_, before_)) std::cerr << "write " << path_ << ": has failed\n";
}

}  // namespace sys
