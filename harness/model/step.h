// SPDX-License-Identifier: GPL-2.0-only
// Step: one call or event of a generated sequence, and how a case writes it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace model {

enum class Verb : std::uint8_t {
  open,
  duplicate,  // dup(2) and the like
  pass,       // through a socket (SCM_RIGHTS)
  close,
  syncfs,
  syncfs_in_child,      // a forked one
  syncfs_on_read_only,  // the upper filesystem is read-only meanwhile
  fsync,
  fdatasync,
  stat,  // fstat(2)
  read,  // of a directory: an entry
  write,
  write_and_sync,  // RWF_SYNC
  map,
  store_and_msync,  // through a mapping of its own
  copy,             // copy_file_range(2), to the file
  ring_read,        // by io_uring, as the next two
  ring_write,
  ring_fsync,
  change,             // of a name or an attribute (conformance/explore/changes.h)
  look_up,            // a name that nobody has looked up before, and that no layer has
  inspect,            // the root of the mount, by its name: stat(2), access(2), statfs(2)
  prepare,            // a call of an operation of B2 (conformance/operations.h)
  call,               // the call that was prepared
  drop,               // that call, with the files that it has open
  lose,               // dirty data of a file, in writeback
  sync_loses,         // the same, by sync(2), and nobody has seen it
  syncfs_loses,       // by a syncfs(2) that is under test, on some file
  fsync_loses,        // by an fsync(2) that is under test, on that file
  write_loses,        // likewise, by a write with RWF_SYNC
  fault,              // the data of a file is dirty, and cannot be written until the fault heals
  write_under_fault,  // makes it dirty again
  heal,
  sync,    // sync(2)
  freeze,  // the upper filesystem, and thaw it
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
  lower_directory,
  renamed_directory,  // made and renamed by its open
  merged_directory,
  root,
  lower_file,
  fifo,
  device,
  created,    // by the open itself
  nameless,   // the same, and its name is removed
  temporary,  // O_TMPFILE
  by_handle,  // data, opened by its handle
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
// By what name it is found: data, for what is opened by its handle.
Target named(Target target);

// How a regular file is opened; Step::choice is an index.
struct OpenMode {
  const char* text;  // "O_RDWR | O_APPEND"
  int flags;
  bool reads, writes;
  bool synchronous;  // O_SYNC, O_DSYNC, O_DIRECT: a write reaches the disk
};
const std::vector<OpenMode>& openModes();

// How a descriptor is duplicated; Step::choice is an index.
inline constexpr std::array kDuplications{"dup", "dup2", "dup3", "fcntl"};

// Who makes a call on an open file; Step::choice is one.
enum class Caller : std::uint8_t { root, nobody };
inline constexpr int kCallers = static_cast<int>(Caller::nobody) + 1;
// Whether anybody may make that call.
bool hasCaller(Verb verb);

// What is below an overlay.
enum class Lowers : std::uint8_t { one, two, on_upper_filesystem, overlay };

// What an overlay is mounted with; Step::choice is an index.
struct MountMode {
  const char* text;  // "volatile,index=on"
  bool is_volatile, read_only, userxattr;
  Lowers lowers = Lowers::one;
  enum class Where { here, user_namespace } where = Where::here;

  bool hasHandles() const;  // nfs_export=on
  // Metacopies and redirects that one mount has left confuse the next one without the option. An
  // index, which may be the kernel's default, has a UUID or none.
  bool fitsAnyLayers() const;
  bool isInUserNamespace() const { return where == Where::user_namespace; }
};
const std::vector<MountMode>& mountModes();

// How writeback fails; Step::choice is an index.
struct Loss {
  const char* text;  // "FaultKind::error"
  int error;         // the errno that is recorded
};
const std::vector<Loss>& losses();

// Views, files, prepared calls and faults have numbers that are given once in a sequence, so a step
// means the same if others are left out. View 0 is the bare filesystem, view 1 is under test.
struct Step {
  Verb verb = Verb::sync;
  int view = 0;     // the mount that the step goes through, or that it makes
  int file = 0;     // the file, prepared call or fault that it is about, or that it makes
  int from = 0;     // duplicate, pass, copy: the file; mount_again: the view
  Target target{};  // open, lose, fault
  int choice = 0;   // see above; prepare: the operation; change: which one

  bool operator==(const Step&) const = default;
};
inline constexpr int kBare = 0;
inline constexpr int kSubject = 1;
// The change that copies a file up, which only an overlay can do.
inline constexpr int kCopyUp = 0;

}  // namespace model
