// SPDX-License-Identifier: GPL-2.0-only
// What the table of pairs calls verbs, targets and ways to mount.
#include <iterator>

#include "conformance/explore/step_text.h"

namespace conformance {

using model::Target;
using model::Verb;

std::string nameOf(Verb verb) {
  static constexpr const char* kNames[] = {"open",
                                           "dup",
                                           "SCM_RIGHTS",
                                           "close",
                                           "syncfs",
                                           "syncfs after fork",
                                           "syncfs on a read-only upper",
                                           "fsync",
                                           "fdatasync",
                                           "fstat",
                                           "read",
                                           "write",
                                           "write with RWF_SYNC",
                                           "mmap",
                                           "store and msync",
                                           "copy_file_range",
                                           "io_uring read",
                                           "io_uring write",
                                           "io_uring fsync",
                                           "change",
                                           "lookup",
                                           "stat, access and statfs",
                                           "prepare",
                                           "operation of B2",
                                           "drop",
                                           "lose",
                                           "sync that loses",
                                           "syncfs that loses",
                                           "fsync that loses",
                                           "write that loses",
                                           "fault",
                                           "write under the fault",
                                           "heal",
                                           "sync",
                                           "freeze",
                                           "drop caches",
                                           "mount",
                                           "mount again",
                                           "umount",
                                           "umount -l",
                                           "remount read-only",
                                           "remount writable"};
  static_assert(std::size(kNames) == model::kVerbs);
  return kNames[static_cast<std::size_t>(verb)];
}

std::string nameOf(Target target) {
  static constexpr const char* kNames[] = {"file",
                                           "other file",
                                           "directory",
                                           "lower directory",
                                           "renamed directory",
                                           "merged directory",
                                           "root",
                                           "lower file",
                                           "fifo",
                                           "device",
                                           "created file",
                                           "unlinked file",
                                           "O_TMPFILE",
                                           "file by its handle",
                                           "O_PATH"};
  static_assert(std::size(kNames) == model::kTargets);
  return kNames[static_cast<std::size_t>(target)];
}

std::string nameOf(const model::MountMode& mode) {
  std::string name = mode.text;
  static constexpr const char* kLowers[] = {
      "", ", two lower layers", ", lower on the upper filesystem", ", an overlay below"};
  name += kLowers[static_cast<std::size_t>(mode.lowers)];
  if (mode.read_only) name += ", read-only";
  if (mode.isInUserNamespace()) name += ", in a user namespace";
  return name;
}

}  // namespace conformance
