// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/workspace.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sys/open_file.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

std::string temporaryDirectory() {
  std::string path = "/tmp/ovl-syncfs.XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw sys::SetupError("mkdtemp", path, errno);
  return path;
}

}  // namespace

Workspace::Workspace() : root_(temporaryDirectory()), is_temporary_(true) {
  try {
    fill();
  } catch (...) {
    tmpfs_.reset();
    ::rmdir(root_.c_str());
    throw;
  }
}

Workspace::Workspace(const std::string& root, std::vector<std::string> mount_points)
    : root_(root), mount_points_(std::move(mount_points)) {
  makeDirectory(root_);
  fill();
}

Workspace::~Workspace() {
  tmpfs_.reset();
  if (is_temporary_) ::rmdir(root_.c_str());
}

void Workspace::fill() {
  tmpfs_.emplace(sys::MountRequest{"tmpfs", root_, "tmpfs", ""});
  makeDirectory(lower());
  makeDirectory(lower() + "/lower-dir");
  makeDirectory(lower() + "/merged-dir");
  for (const char* name : {"/lower-file", "/other-lower-file"}) {
    writeDataFile(lower() + name);
  }
}

std::string Workspace::mountPoint(std::size_t index) {
  const auto path = [this](std::size_t number) {
    return number < mount_points_.size() ? mount_points_[number]
                                         : root_ + "/mount" + std::to_string(number);
  };
  for (; made_ <= index; ++made_) makeDirectory(path(made_));
  return path(index);
}

std::string Workspace::newDirectory(std::size_t index) {
  const bool was_made = index < made_;
  std::string path = mountPoint(index);
  if (!was_made) return path;
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) throw sys::SetupError("remove", path, error.value());
  makeDirectory(path);
  return path;
}

void makeDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
    throw sys::SetupError("mkdir", path, errno);
  }
}

void writeDataFile(const std::string& path) {
  const sys::File file(path, O_RDWR | O_CREAT);
  sys::require(file.pwrite(sys::freshBytes(kDataBytes), 0), "write", path);
}

}  // namespace conformance
