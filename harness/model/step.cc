// SPDX-License-Identifier: GPL-2.0-only
#include "model/step.h"

#include <fcntl.h>

#include <cerrno>
#include <string_view>

namespace model {

bool isDirectory(Target target) {
  return target == Target::directory || target == Target::lower_directory ||
         target == Target::renamed_directory || target == Target::merged_directory ||
         target == Target::root;
}

bool isUpperFile(Target target) {
  return target == Target::data || target == Target::other || target == Target::by_handle ||
         isNew(target);
}

bool isRegular(Target target) {
  return isUpperFile(target) || target == Target::lower_file;
}

bool isNew(Target target) {
  return target == Target::created || hasNoName(target);
}

bool hasNoName(Target target) {
  return target == Target::nameless || target == Target::temporary;
}

const std::vector<OpenMode>& openModes() {
  static const std::vector<OpenMode> kModes = {
      {"O_RDONLY", O_RDONLY, true, false, false},
      {"O_RDWR", O_RDWR, true, true, false},
      {"O_WRONLY", O_WRONLY, false, true, false},
      {"O_RDWR | O_APPEND", O_RDWR | O_APPEND, true, true, false},
      {"O_RDWR | O_DIRECT", O_RDWR | O_DIRECT, true, true, true},
      {"O_RDWR | O_SYNC", O_RDWR | O_SYNC, true, true, true},
      {"O_RDWR | O_DSYNC", O_RDWR | O_DSYNC, true, true, true},
      {"O_RDONLY | O_NOATIME", O_RDONLY | O_NOATIME, true, false, false},
      {"O_RDWR | O_NONBLOCK", O_RDWR | O_NONBLOCK, true, true, false},
      {"O_RDWR | O_TRUNC", O_RDWR | O_TRUNC, true, true, false},
  };
  return kModes;
}

Target named(Target target) {
  return target == Target::by_handle ? Target::data : target;
}

bool hasCaller(Verb verb) {
  switch (verb) {
    case Verb::syncfs:
    case Verb::fsync:
    case Verb::fdatasync:
    case Verb::stat:
    case Verb::read:
    case Verb::write:
    case Verb::write_and_sync:
    case Verb::map:
    case Verb::store_and_msync:
      return true;
    default:
      return false;
  }
}

bool MountMode::hasHandles() const {
  return std::string_view(text).find("nfs_export=on") != std::string_view::npos;
}

bool MountMode::fitsAnyLayers() const {
  const std::string_view options(text);
  return options.find("metacopy") == std::string_view::npos &&
         options.find("redirect") == std::string_view::npos &&
         options.find("uuid") == std::string_view::npos;
}

// What a kernel may default to and the next option excludes is switched off.
const std::vector<MountMode>& mountModes() {
  static const std::vector<MountMode> kModes = {
      {"index=off", false, false, false},
      {"index=on", false, false, false},
      {"redirect_dir=on", false, false, false},
      {"metacopy=on", false, false, false},
      {"xino=on", false, false, false},
      {"index=on,nfs_export=on,metacopy=off", false, false, false},
      {"userxattr", false, false, true},
      {"userxattr", false, false, true, Lowers::one, MountMode::Where::user_namespace},
      {"fsync=strict", false, false, false},
      {"index=off", false, true, false},
      {"volatile", true, false, false},
      {"volatile,index=on", true, false, false},
      {"volatile,redirect_dir=on,xino=on", true, false, false},
      {"volatile,metacopy=on", true, false, false},
      {"volatile,userxattr", true, false, true},
      {"volatile,userxattr", true, false, true, Lowers::one, MountMode::Where::user_namespace},
      {"volatile,index=on,nfs_export=on,metacopy=off", true, false, false},
      {"fsync=volatile", true, false, false},
      {"volatile", true, true, false},
      {"default_permissions", false, false, false},
      {"uuid=off", false, false, false},
      {"index=off", false, false, false, Lowers::two},
      {"index=off", false, false, false, Lowers::on_upper_filesystem},
      {"index=off", false, false, false, Lowers::overlay},
      {"volatile,default_permissions", true, false, false},
      {"volatile,uuid=off", true, false, false},
      {"volatile", true, false, false, Lowers::two},
      {"volatile", true, false, false, Lowers::on_upper_filesystem},
      {"volatile,index=off", true, false, false, Lowers::overlay},
  };
  return kModes;
}

const std::vector<Loss>& losses() {
  static const std::vector<Loss> kLosses = {
      {"FaultKind::error", EIO},
      {"FaultKind::error_writes", EIO},
      {"FaultKind::no_space", ENOSPC},
      {"FaultKind::timed_out", ETIMEDOUT},
  };
  return kLosses;
}

}  // namespace model
