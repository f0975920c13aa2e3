// SPDX-License-Identifier: GPL-2.0-only
// B1, B2, B4: where the check for the error is, and what it is about.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/failstop.h"
#include "conformance/cases/log_lines.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/quirks.h"
#include "conformance/workspace.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// overlayfs checks a special file in ->permission(), which access(2) calls as well.
CASE(B4, AccessToASpecialFileIsStillPossible, .subjects = kVolatileOnly) {
  const std::string fifo = subject.path("a-fifo");
  makeNode(fifo, S_IFIFO);
  const File file = subject.open("data");
  subject.loseWriteback();
  EXPECT_ERRNO(file.fsync(), EIO);
  EXPECT_OK(Result::ofCall(::access(fifo.c_str(), R_OK)));
}

// A data-only layer is asked when the file is opened, and this one is empty.
CASE(B2, OpenOfAFileWithoutItsDataFindsTheError, .subjects = kVolatileOnly) {
  const std::string layer = subject.layers.freshDirectory();
  const std::string path = layer + '/' + kDataOnlyFile;
  (void)File(path, O_RDWR | O_CREAT);
  sys::require(::setxattr(path.c_str(), "trusted.overlay.metacopy", "", 0, 0), "setxattr", path);
  sys::require(::setxattr(path.c_str(), "trusted.overlay.redirect", "/none", 5, 0), "setxattr",
               path);
  const View* view =
      mounted(subject, subject.beside.mountOverlay(
                           failstopOption(subject.filesystem()) + ",metacopy=on,redirect_dir=on",
                           {.lower = layer + "::" + subject.layers.freshDirectory()}));
  if (view == nullptr) return;
  // Keeps the name in the dcache: a lookup would check first.
  const File pinned = view->open(kDataOnlyFile, O_PATH);
  EXPECT_ERRNO(view->tryOpen(kDataOnlyFile, O_RDONLY), ENOENT);
  subject.loseWritebackElsewhere();
  KernelLog log, lookups;
  EXPECT_ERRNO(view->tryOpen(kDataOnlyFile, O_RDONLY), EIO);
  EXPECT_EQ(timesThatItFailed(log), 1) << "lines of the kernel log say that it failed";
  expectNoLineWith(lookups, "lookup failed");
}

// Nobody has asked the overlay in between.
CASE(B1, ARemountBringsNothingBack, .subjects = kVolatileOnly) {
  const File file = subject.open("data", O_RDONLY);
  subject.loseWritebackElsewhere();
  reportOnTheUpper(subject);
  EXPECT_OK(subject.mount.remountReadOnly());
  EXPECT_OK(subject.mount.remountWritable());
  EXPECT_ERRNO(read(file), EIO);
}

// They have a handler of their own, which stores them under another name.
CASE(B2, AnAttributeOfOverlayfsItselfFindsTheError, .subjects = kVolatileOnly) {
  const File file = subject.open("data");
  const auto get = [&] {
    return Result::ofCall(::fgetxattr(file.descriptor(), "trusted.overlay.attribute", nullptr, 0));
  };
  if (get().error() == EOPNOTSUPP) {
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::hidden_attributes);
  }
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(get(), EIO);
}

}  // namespace
}  // namespace conformance
