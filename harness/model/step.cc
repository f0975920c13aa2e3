// SPDX-License-Identifier: GPL-2.0-only
#include "model/step.h"

#include <fcntl.h>

#include <cerrno>

namespace model {

bool isDirectory(Target target) {
  return target == Target::directory || target == Target::merged_directory ||
         target == Target::root;
}

bool isUpperFile(Target target) {
  return target == Target::data || target == Target::other || isNew(target);
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
  };
  return kModes;
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
      {"index=off", false, true, false},
      {"volatile", true, false, false},
      {"volatile,index=on", true, false, false},
      {"volatile,redirect_dir=on,xino=on", true, false, false},
      {"volatile,metacopy=on", true, false, false},
      {"volatile,userxattr", true, false, true},
  };
  return kModes;
}

const std::vector<Loss>& losses() {
  static const std::vector<Loss> kLosses = {
      {"FaultKind::error", EIO},
      {"FaultKind::error_writes", EIO},
      {"FaultKind::no_space", ENOSPC},
  };
  return kLosses;
}

}  // namespace model
