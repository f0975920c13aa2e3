// SPDX-License-Identifier: GPL-2.0-only
// B2: the names of one file of a lower layer, in the layer and in the index.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "conformance/cases/failstop.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// Its copy has one of the names; the other one is still the lower file's.
CASE(B2, AFileThatLostANameToACopyFails, .subjects = kVolatileOnly) {
  const File lower = subject.open("linked-file", O_RDONLY);
  const File copy = subject.open("linked-file-too");
  mustBeInUpper(subject, "linked-file", false);
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(read(lower), EIO);
  EXPECT_ERRNO(read(copy), EIO);
  EXPECT_ERRNO(subject.tryOpen("linked-file", O_RDONLY), EIO);
  EXPECT_ERRNO(subject.tryOpen("linked-file-too", O_RDONLY), EIO);
}

CASE(B2, NoOtherNameOfACopiedUpFileIsMade, .subjects = kVolatileOnly) {
  const View* view = mounted(
      subject, subject.beside.mountOverlay(failstopOption(subject.filesystem()) + ",index=on"));
  if (view == nullptr) return;
  const std::string other = view->path("linked-file-too");
  EXPECT_OK(view->tryOpen("linked-file", O_RDWR));
  EXPECT_OK(lookUp(*view, "linked-file-too"));
  subject.loseWritebackElsewhere();
  EXPECT_ERRNO(Result::ofCall(::chmod(other.c_str(), 0640)), EIO);
  EXPECT_FALSE(std::filesystem::exists(view->barePath("linked-file-too")));
}

}  // namespace
}  // namespace conformance
