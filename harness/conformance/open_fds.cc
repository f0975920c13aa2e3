// SPDX-License-Identifier: GPL-2.0-only
#include "conformance/open_fds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "conformance/calls.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/workspace.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

constexpr unsigned kForReading = kOpened | kReading | kAnyPlace;
constexpr unsigned kForWriting = kOpened | kWriting | kAnyPlace;
constexpr unsigned kForBoth = kForReading | kForWriting;

constexpr OpenFlags kFlags[] = {
    {"O_RDONLY", O_RDONLY, kForReading},
    {"O_WRONLY", O_WRONLY, kForWriting},
    {"O_RDWR", O_RDWR, kForBoth},
    {"O_RDWR | O_APPEND", O_RDWR | O_APPEND, kForBoth & ~kAnyPlace},
    {"O_RDONLY | O_DIRECT", O_RDONLY | O_DIRECT, kForReading},
    {"O_RDWR | O_DIRECT", O_RDWR | O_DIRECT, kForBoth},
    {"O_RDWR | O_SYNC", O_RDWR | O_SYNC, kForBoth},
    {"O_RDWR | O_DSYNC", O_RDWR | O_DSYNC, kForBoth},
    {"O_RDONLY | O_NOATIME", O_RDONLY | O_NOATIME, kForReading},
    {"O_PATH", O_PATH, 0},
};

bool writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY;
}

bool isDirect(int flags) {
  return (flags & O_DIRECT) != 0;
}

bool isPlace(int flags) {
  return (flags & O_PATH) != 0;
}

// Why some flags are left out, or null.
const char* never(int) {
  return nullptr;
}

const char* forLowerFile(int flags) {
  return writes(flags) ? "to open it for writing copies it up" : nullptr;
}

const char* forNewFile(int flags) {
  return isPlace(flags) ? "O_PATH ignores O_CREAT" : nullptr;
}

const char* forUnnamed(int flags) {
  return writes(flags) ? nullptr : "O_TMPFILE needs write access";
}

const char* forDirectory(int flags) {
  if (writes(flags)) return "a directory is only read";
  return isDirect(flags) ? "a directory has no direct I/O" : nullptr;
}

const char* forDevice(int flags) {
  return isDirect(flags) ? "this device has no direct I/O" : nullptr;
}

const char* forFifo(int flags) {
  if (isDirect(flags)) return "a fifo has no direct I/O";
  return (flags & O_ACCMODE) == O_WRONLY ? "nobody reads it, so open(2) fails" : nullptr;
}

const char* forSocket(int flags) {
  return isPlace(flags) ? nullptr : "a socket cannot be opened";
}

const char* forHandle(int flags) {
  return isPlace(flags) ? "with O_PATH nothing is opened" : nullptr;
}

const char* forLowerHandle(int flags) {
  const char* reason = forHandle(flags);
  return reason != nullptr ? reason : forLowerFile(flags);
}

const char* forDirectoryHandle(int flags) {
  const char* reason = forHandle(flags);
  return reason != nullptr ? reason : forDirectory(flags);
}

// A page, without data: what is empty is not copied.
void makeFile(const View& view, const std::string& name) {
  const File file = view.open(name, O_RDWR | O_CREAT);
  sys::require(truncateToAPage(file.descriptor()), "ftruncate", view.path(name));
}

void removeName(const View& view, const char* name, int flags = 0) {
  const std::string path = view.path(name);
  sys::require(::unlinkat(AT_FDCWD, path.c_str(), flags), "unlinkat", path);
}

void renameTo(const View& view, const char* from, const char* to) {
  sys::require(::rename(view.path(from).c_str(), view.path(to).c_str()), "rename", view.path(from));
}

// Each gets a name of its own.
File openNewFile(const View& view, int flags) {
  const std::string name = "created-" + std::to_string(flags);
  File file = view.open(name, flags | O_CREAT | O_EXCL);
  sys::require(::truncate(view.path(name).c_str(), kBytes), "truncate", view.path(name));
  return file;
}

File openUnnamed(const View& view, int flags) {
  File file = view.open(".", flags | O_TMPFILE);
  sys::require(truncateToAPage(file.descriptor()), "ftruncate", "a temporary file");
  return file;
}

constexpr unsigned kLowerFile = kRegular | kInLayer | kSeeks;
constexpr unsigned kUpperFile = kLowerFile | kInUpper | kSharable;
constexpr unsigned kMergedDirectory = kDirectory | kInLayer | kNotRemoved | kInUpper;
constexpr unsigned kPureDirectory = kMergedDirectory | kSeeks;

const std::vector<OpenKind>& openKinds() {
  static const std::vector<OpenKind> kKinds = {
      {"a file of the upper", "", kUpperFile, never,
       [](const View& v, int f) { return v.open("data", f); }},
      {"a lower-only file", "", kLowerFile, forLowerFile,
       [](const View& v, int f) { return v.open("other-lower-file", f); },
       [](const View& v) { mustBeInUpper(v, "other-lower-file", false); },
       [](const View& v) { mustBeInUpper(v, "other-lower-file", false); }},
      {"a file copied up after it was opened", "", kUpperFile, forLowerFile,
       [](const View& v, int f) { return v.open("lower-file", f); },
       [](const View& v) { mustBeInUpper(v, "lower-file", false); },
       [](const View& v) {
         (void)v.open("lower-file", O_WRONLY);
         mustBeInUpper(v, "lower-file", true);
       }},
      {"a lower-only file with two names", "", kLowerFile, forLowerFile,
       [](const View& v, int f) { return v.open("linked-file", f); }},
      {"a file that was removed", "", kUpperFile, never,
       [](const View& v, int f) { return v.open("removed-file", f); },
       [](const View& v) { makeFile(v, "removed-file"); },
       [](const View& v) { removeName(v, "removed-file"); }},
      {"a file created by its open", "", kUpperFile, forNewFile, openNewFile},
      {"a file that never had a name", "", kUpperFile, forUnnamed, openUnnamed},
      {"a directory of the upper", "", kPureDirectory, forDirectory,
       [](const View& v, int f) { return v.open("upper-dir", f | O_DIRECTORY); }},
      {"a lower-only directory", "", kPureDirectory & ~kInUpper, forDirectory,
       [](const View& v, int f) { return v.open("lower-dir", f | O_DIRECTORY); }},
      {"a merged directory", "", kMergedDirectory, forDirectory,
       [](const View& v, int f) { return v.open("merged-dir", f | O_DIRECTORY); }},
      {"the root directory", "", kMergedDirectory, forDirectory,
       [](const View& v, int f) { return v.open(".", f | O_DIRECTORY); }},
      {"a directory that was removed", "", kPureDirectory & ~kNotRemoved, forDirectory,
       [](const View& v, int f) { return v.open("removed-dir", f | O_DIRECTORY); },
       [](const View& v) { makeDirectory(v.path("removed-dir")); },
       [](const View& v) { removeName(v, "removed-dir", AT_REMOVEDIR); }},
      {"a directory that was renamed", "", kPureDirectory, forDirectory,
       [](const View& v, int f) { return v.open("renamed-dir", f | O_DIRECTORY); },
       [](const View& v) { makeDirectory(v.path("renamed-dir")); },
       [](const View& v) { renameTo(v, "renamed-dir", "new-dir"); }},
      {"a fifo", "", kInUpper, forFifo,
       [](const View& v, int f) { return v.open("fifo", f | O_NONBLOCK); },
       [](const View& v) { makeNode(v.path("fifo"), S_IFIFO); }},
      {"a device", "", kInUpper, forDevice,
       [](const View& v, int f) { return v.open("device", f); },
       [](const View& v) { makeNode(v.path("device"), S_IFCHR, makedev(1, 3)); }},
      {"a socket", "", kInUpper, forSocket,
       [](const View& v, int f) { return v.open("socket", f); },
       [](const View& v) { makeNode(v.path("socket"), S_IFSOCK); }},
      {"a fifo of a lower layer", "", 0, forFifo,
       [](const View& v, int f) { return v.open("lower-fifo", f | O_NONBLOCK); }},
      {"a device of a lower layer", "", 0, forDevice,
       [](const View& v, int f) { return v.open("lower-device", f); }},
      {"a socket of a lower layer", "", 0, forSocket,
       [](const View& v, int f) { return v.open("lower-socket", f); }},
      {"a metacopy file", kMetacopy, kUpperFile, forLowerFile,
       [](const View& v, int f) { return v.open("lower-file", f); },
       [](const View& v) { makeMetacopy(v); }},
      {"a metacopy file whose data is copied up", kMetacopy, kUpperFile, forLowerFile,
       [](const View& v, int f) { return v.open("other-lower-file", f); },
       [](const View& v) { makeMetacopy(v, "other-lower-file"); },
       [](const View& v) { (void)v.open("other-lower-file", O_WRONLY); }},
      {"a file of the upper, by handle", kHandles, kUpperFile, forHandle,
       [](const View& v, int f) { return openByHandle(v, "data", f); }},
      {"a lower-only file, by handle", kHandles, kLowerFile, forLowerHandle,
       [](const View& v, int f) { return openByHandle(v, "lower-file", f); }, [](const View&) {},
       [](const View& v) { mustBeInUpper(v, "lower-file", false); }},
      {"a directory of the upper, by handle", kHandles, kPureDirectory, forDirectoryHandle,
       [](const View& v, int f) { return openByHandle(v, "upper-dir", f); }},
  };
  return kKinds;
}

// What an older kernel cannot open.
bool mayBeMissing(const FdPlan& plan, int error) {
  if (plan.kind->open == openUnnamed) return error == EOPNOTSUPP;
  const bool on_tmpfs = plan.kind->why_not(O_RDWR) != nullptr;
  return on_tmpfs && (plan.flags->flags & O_DIRECT) != 0 && error == EINVAL;
}

}  // namespace

std::vector<FdPlan> fdPlans(const std::string& overlay_options) {
  std::vector<FdPlan> plans;
  for (const OpenKind& kind : openKinds()) {
    if (kind.overlay_options != overlay_options) continue;
    for (const OpenFlags& flags : kFlags) {
      if (kind.why_not(flags.flags) == nullptr) plans.push_back({&kind, &flags});
    }
  }
  return plans;
}

std::vector<FdPlan> plainFdPlans() {
  std::vector<FdPlan> plans = fdPlans("");
  std::erase_if(plans, [](const FdPlan& plan) {
    return plan.flags->flags != O_RDONLY && plan.flags->flags != O_RDWR;
  });
  return plans;
}

std::vector<FdUnderTest> openFds(const View& view, const std::vector<FdPlan>& plans) {
  std::vector<FdUnderTest> opened;
  std::vector<const OpenKind*> kinds;
  for (const FdPlan& plan : plans) {
    if (kinds.empty() || kinds.back() != plan.kind) {
      plan.kind->prepare(view);
      kinds.push_back(plan.kind);
    }
    try {
      opened.push_back({plan.name(), plan.offers(), plan.kind->open(view, plan.flags->flags)});
    } catch (const sys::SetupError& error) {
      if (!mayBeMissing(plan, error.error())) throw;
    }
  }
  for (const OpenKind* kind : kinds) kind->finish(view);
  return opened;
}

}  // namespace conformance
