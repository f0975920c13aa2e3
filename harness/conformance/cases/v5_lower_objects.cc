// SPDX-License-Identifier: GPL-2.0-only
// V5: copying up what is neither a file nor a directory, or has two names; a copy up that fails.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "conformance/call_in_thread.h"
#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/cases/syncs_the_upper.h"
#include "conformance/fd_kinds.h"
#include "conformance/needs.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// fsync needs an open file. To open a fifo waits, and a socket cannot be opened.
void copiesUpWhatIsNotSynced(Subject& subject, const std::string& options,
                             CalledFrom = Line::current()) {
  const View* view = mounted(subject, subject.beside.mountOverlay(options));
  if (view == nullptr) return;
  for (const char* name : {"lower-link", "lower-socket", "lower-device", "lower-fifo"}) {
    SCOPED_TRACE(options + ", of " + name);
    const std::string path = view->path(name);
    CallInThread owned([&] { return Result::ofCall(::lchown(path.c_str(), 1, 1)); });
    EXPECT_TRUE(owned.ends()) << "it waits";
    const Result result = owned.result();
    EXPECT_OK(result);
    if (!result.ok()) return;
    EXPECT_OK(Result::ofCall(::rename(path.c_str(), (path + "-renamed").c_str())));
    const auto copied =
        std::filesystem::symlink_status(view->barePath(name + std::string("-renamed")));
    EXPECT_TRUE(std::filesystem::exists(copied));
  }
}

CASE(V5, EverythingIsCopiedUp, .subjects = kVolatileOnly) {
  copiesUpWhatIsNotSynced(subject, "index=off");
  copiesUpWhatIsNotSynced(subject, "volatile");
}

CASE(V5, FsyncAutoAndStrictCopyUpEverything, .subjects = kVolatileOnly) {
  needFsyncOption(subject);
  copiesUpWhatIsNotSynced(subject, "fsync=auto");
  copiesUpWhatIsNotSynced(subject, "fsync=strict");
}

// Its copy is in the index first.
CASE(V5, CopyingUpAFileWithTwoNamesSyncsNothing, .subjects = kVolatileOnly) {
  const View* view = mounted(subject, subject.beside.mountOverlay("volatile,index=on"));
  if (view == nullptr) return;
  copyUpSyncsNothing(subject, *view, "linked-file", "other-lower-file");
}

// What could not be written is no copy: nobody would ever be told.
CASE(V5, ACopyUpWhoseDataIsLostFails, .subjects = kOverlayOnly) {
  // From then on, all that a copy up reads is cached.
  EXPECT_OK(subject.tryOpen("other-lower-file", O_RDWR));
  EXPECT_OK(lookUp(subject, "lower-file"));
  settle();
  Fault fault = subject.disk.breakAll();
  EXPECT_ERRNO(subject.tryOpen("lower-file", O_RDWR), EIO);
  fault.heal();
  EXPECT_FALSE(std::filesystem::exists(subject.barePath("lower-file")));
}

}  // namespace
}  // namespace conformance
