// SPDX-License-Identifier: GPL-2.0-only
// A17: fsync of what an overlay merges or copies up: directories, metacopies, files opened before.
#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/fd_kinds.h"
#include "conformance/quirks.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

void isWrittenByFsync(Subject& subject, const File& file, CalledFrom = Line::current()) {
  EXPECT_NE(subject.disk.writesDuring([&] { EXPECT_OK(file.fsync()); }), 0U);
}

CASE(A17, FsyncOfADirectoryOpenedBeforeItsCopyUp, .subjects = kOverlayOnly) {
  const File directory = subject.open("lower-dir", O_RDONLY | O_DIRECTORY);
  (void)subject.open("lower-dir/new-name", O_WRONLY | O_CREAT);
  isWrittenByFsync(subject, directory);
}

CASE(A17, FsyncOfADirectoryIsWritten, .subjects = kOverlayOnly) {
  for (const char* name : {".", "merged-dir", "upper-dir", "lower-dir"}) {
    SCOPED_TRACE(name);
    EXPECT_OK(create(subject, std::string(name) + "/first-name"));
    const File directory = subject.open(name, O_RDONLY | O_DIRECTORY);
    (void)readEntry(directory);
    settle();
    EXPECT_OK(create(subject, std::string(name) + "/new-name"));
    isWrittenByFsync(subject, directory);
  }
}

CASE(A17, FsyncOfAMetacopyIsWritten, .subjects = kOverlayOnly, .overlay_options = kMetacopy) {
  makeMetacopy(subject);
  const File file = subject.open("lower-file", O_RDONLY);
  settle();
  EXPECT_OK(Result::ofCall(::fchmod(file.descriptor(), 0604)));
  isWrittenByFsync(subject, file);
}

// Its real file is another one from then on, which is opened once and keeps its cursor.
CASE(A17, AFileOpenedBeforeItsCopyUpReportsOnce, .subjects = kOverlayOnly) {
  const File early = subject.open("lower-file", O_RDONLY);
  const File late = subject.open("lower-file", O_RDWR);
  EXPECT_OK(early.fsync());
  subject.loseWriteback("lower-file");
  EXPECT_ERRNO(late.fsync(), EIO);
  const Result told = early.fsync();
  if (told.ok() &&
      mayHaveQuirk(filesystems::kernelQuirks(), filesystems::quirk::fsync_opens_anew)) {
    skipFor(filesystems::kernelQuirks(), filesystems::quirk::fsync_opens_anew);
  }
  EXPECT_ERRNO(told, EIO);
  EXPECT_OK(early.fsync());
}

}  // namespace
}  // namespace conformance
