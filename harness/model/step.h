// SPDX-License-Identifier: GPL-2.0-only
// Step: one call or event of a generated sequence, and how a case writes it.
#pragma once

#include <cstdint>
#include <vector>

namespace model {

enum class Verb : std::uint8_t {
  open,
  duplicate,  // dup(2)
  pass,       // through a socket (SCM_RIGHTS)
  close,
  syncfs,
  fsync,
  fdatasync,
  read,  // of a directory: an entry
  write,
  write_and_sync,  // RWF_SYNC
  map,
  prepare,  // a call of an operation of B2 (conformance/operations.h)
  call,     // the call that was prepared
  lose,     // dirty data of a file, in writeback
  sync,     // sync(2)
  drop_caches,
  mount,
  mount_again,  // on the layers of a mount that is gone
  unmount,
  detach,
  remount_read_only,
  remount_writable
};
inline constexpr int kVerbs = static_cast<int>(Verb::remount_writable) + 1;

// What a file is opened on.
enum class Target : std::uint8_t {
  data,
  other,
  directory,
  merged_directory,
  root,
  lower_file,
  fifo,
  device,
  created,    // by the open itself
  nameless,   // the same, and its name is removed
  temporary,  // O_TMPFILE
  path_only   // O_PATH
};
inline constexpr int kTargets = static_cast<int>(Target::path_only) + 1;

bool isDirectory(Target target);
// On the upper filesystem, with data.
bool isUpperFile(Target target);
bool isRegular(Target target);
// Made by its open.
bool isNew(Target target);
bool hasNoName(Target target);

// How a regular file is opened; Step::choice is an index.
struct OpenMode {
  const char* text;  // "O_RDWR | O_APPEND"
  int flags;
  bool reads, writes;
  bool synchronous;  // O_SYNC, O_DSYNC, O_DIRECT: a write reaches the disk
};
const std::vector<OpenMode>& openModes();

// What an overlay is mounted with; Step::choice is an index.
struct MountMode {
  const char* text;  // "volatile,index=on"
  bool is_volatile, read_only, userxattr;
};
const std::vector<MountMode>& mountModes();

// How writeback fails; Step::choice is an index.
struct Loss {
  const char* text;  // "FaultKind::error"
  int error;         // the errno that is recorded
};
const std::vector<Loss>& losses();

// Views, files and prepared calls have numbers that are given once in a sequence, so a step means
// the same if others are left out. View 0 is the bare filesystem, view 1 is under test.
struct Step {
  Verb verb = Verb::sync;
  int view = 0;     // the mount that the step goes through, or that it makes
  int file = 0;     // the file or prepared call that it is about, or that it makes
  int from = 0;     // duplicate, pass: the file; mount_again: the view
  Target target{};  // open, lose
  int choice = 0;   // see above; prepare: the operation

  bool operator==(const Step&) const = default;
};
inline constexpr int kBare = 0;
inline constexpr int kSubject = 1;

}  // namespace model
