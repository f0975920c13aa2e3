// SPDX-License-Identifier: GPL-2.0-only
#include "sys/mounting.h"

#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <utility>

#include "sys/setup_error.h"

namespace sys {
namespace {

constexpr int kUnmountAttempts = 1000;
constexpr useconds_t kUnmountPause = 1000;  // microseconds

Result callMount(const MountRequest& request) {
  return Result::ofCall(::mount(request.source.c_str(), request.target.c_str(),
                                request.type.c_str(), request.flags, request.options.c_str()));
}

Result remount(const std::string& target, unsigned long flags) {
  return Result::ofCall(::mount(nullptr, target.c_str(), nullptr, MS_REMOUNT | flags, nullptr));
}

}  // namespace

Mount::Mount(const MountRequest& request) {
  const Result result = callMount(request);
  if (!result.ok()) {
    std::string what = request.source + " on " + request.target;
    if (!request.type.empty()) what += " (" + request.type + ")";
    if (!request.options.empty()) what += " with " + request.options;
    throw SetupError("mount", what, result.error());
  }
  target_ = request.target;
}

Mount::Mount(Mount&& other) noexcept : target_(std::exchange(other.target_, {})) {}

Mount& Mount::operator=(Mount&& other) noexcept {
  if (this != &other) {
    release();
    target_ = std::exchange(other.target_, {});
  }
  return *this;
}

Mount::~Mount() {
  release();
}

Result Mount::attempt(const MountRequest& request, std::optional<Mount>& mounted) {
  const Result result = callMount(request);
  if (result.ok()) mounted.emplace(adopt(request.target));
  return result;
}

Mount Mount::adopt(const std::string& target) {
  Mount mount;
  mount.target_ = target;
  return mount;
}

void Mount::unmount() {
  const std::string target = target_;
  const int error = release();
  if (error != 0) throw SetupError("umount", target, error);
}

Result Mount::tryUnmount() {
  const std::string target = std::exchange(target_, {});
  return Result::ofCall(::umount2(target.c_str(), 0));
}

void Mount::detach() {
  const std::string target = std::exchange(target_, {});
  require(::umount2(target.c_str(), MNT_DETACH), "umount -l", target);
}

Result Mount::remountReadOnly() const {
  return remount(target_, MS_RDONLY);
}

Result Mount::remountWritable() const {
  return remount(target_, 0);
}

int Mount::release() noexcept {
  if (target_.empty()) return 0;
  const std::string target = std::exchange(target_, {});
  int error = 0;
  for (int attempt = 0; attempt < kUnmountAttempts; ++attempt) {
    if (::umount2(target.c_str(), 0) == 0) return 0;
    error = errno;
    if (error != EBUSY) break;
    ::usleep(kUnmountPause);
  }
  const bool detached = ::umount2(target.c_str(), MNT_DETACH) == 0;
  std::cerr << "umount " << target << ": " << Result::failure(error)
            << (detached ? ", detached instead\n" : ", and it cannot be detached either\n");
  return error;
}

std::string shownMountOptions(const std::string& target) {
  std::ifstream mounts("/proc/self/mounts");
  std::string source, place, type, options, rest, found;
  while (mounts >> source >> place >> type >> options && std::getline(mounts, rest)) {
    if (place == target) found = options;  // the last one is on top
  }
  if (found.empty()) throw SetupError("find in /proc/self/mounts", target, ENOENT);
  return found;
}

}  // namespace sys
