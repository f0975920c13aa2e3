// SPDX-License-Identifier: GPL-2.0-only
// D5: ext4 without a journal writes an inode in place, and that fails. The data has reached the
// disk, and the file ends before it.
#include <sys/stat.h>

#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/silent_loss.h"
#include "sys/ext4.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using sys::File;

struct stat statusOf(const File& file) {
  struct stat status {};
  sys::require(::fstat(file.descriptor(), &status), "stat", "a file");
  return status;
}

CASE(D5, WithoutAJournalEachFdIsToldOfALostInode, .subjects = {SubjectKind::plain},
     .without_journal = true) {
  subject.mount.mountUpperAgainWith(subject.filesystem().without_journal);
  off_t lost_from = 0;
  {
    const File first = subject.open("data");
    const File second = subject.open("data");
    settle();
    const struct stat before = statusOf(first);
    lost_from = before.st_size;
    EXPECT_OK(first.pwrite(sys::freshBytes(kBytes), lost_from));
    Fault fault = subject.disk.breakSectors(
        sys::ext4InodeBlock(subject.disk.nodeBelow(), before.st_ino), "the block of the inode");
    syncEverything();
    fault.heal();
    for (const File* file : {&first, &second}) {
      EXPECT_ERRNO(file->fsync(), EIO);
      EXPECT_ERRNO(file->syncfs(), EIO);
    }
  }
  subject.mount.mountUpperAgain();
  if (statusOf(subject.open("data", O_RDONLY)).st_size != lost_from) {
    throw sys::SetupError("loss", "did not happen: the inode is on the disk", 0);
  }
}

}  // namespace
}  // namespace conformance
