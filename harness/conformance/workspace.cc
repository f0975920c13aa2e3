// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/workspace.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
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
  fillLowerLayer(lower());
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

void makeNode(const std::string& path, mode_t type, dev_t device) {
  sys::require(::mknod(path.c_str(), type | 0600, device), "mknod", path);
}

void fillLowerLayer(const std::string& layer) {
  for (const char* name : {"", "/lower-dir", "/merged-dir"}) makeDirectory(layer + name);
  for (const char* name : {"/lower-file", "/other-lower-file", "/linked-file"}) {
    writeDataFile(layer + name);
  }
  const std::string file = layer + "/linked-file", other = layer + "/linked-file-too";
  sys::require(::link(file.c_str(), other.c_str()), "link", other);
  const std::string link = layer + "/lower-link";
  sys::require(::symlink("lower-file", link.c_str()), "symlink", link);
  makeNode(layer + "/lower-fifo", S_IFIFO);
  makeNode(layer + "/lower-socket", S_IFSOCK);
  makeNode(layer + "/lower-device", S_IFCHR, makedev(1, 3));
}

}  // namespace conformance
