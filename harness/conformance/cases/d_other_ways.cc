// SPDX-License-Identifier: GPL-2.0-only
// D1, D2: the same losses where ext4 takes other ways: it stops for the error, it has no journal,
// or several requests are converted together.
#include <fcntl.h>

#include <cstddef>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/losses.h"
#include "conformance/fault.h"
#include "conformance/silent_loss.h"
#include "sys/device_blocks.h"
#include "sys/extents.h"
#include "sys/setup_error.h"

namespace conformance {
namespace {

using filesystems::Loss;
using sys::File;

// ext4 then does not log the loss. On the bare filesystem every sync call fails, so only a volatile
// overlay is asked.
constexpr const char* kStops = "errors=remount-ro";

CASE(D1, AVolatileOverlayNoticesIfTheFilesystemStops, .subjects = kVolatileOnly,
     .loss = Loss::allocation) {
  subject.mount.remountUpperWith(kStops);
  volatileOverlayNotices(subject, {subject, Loss::allocation});
}

CASE(D2, AVolatileOverlayNoticesIfTheFilesystemStops, .subjects = kVolatileOnly,
     .loss = Loss::conversion) {
  subject.mount.remountUpperWith(kStops);
  volatileOverlayNotices(subject, {subject, Loss::conversion});
}

CASE(D1, EveryKindOfFdReportsWithoutAJournal, .subjects = {SubjectKind::plain},
     .loss = Loss::allocation, .without_journal = true) {
  subject.mount.mountUpperAgainWith(subject.filesystem().without_journal);
  everyKindReports(subject, {subject, Loss::allocation});
}

CASE(D2, EveryKindOfFdReportsWithoutAJournal, .subjects = {SubjectKind::plain},
     .loss = Loss::conversion, .without_journal = true) {
  subject.mount.mountUpperAgainWith(subject.filesystem().without_journal);
  everyKindReports(subject, {subject, Loss::conversion});
}

// Neighbours in the file are not neighbours in memory, so that a request has few of them (256,
// BIO_MAX_VECS). Throws SetupError.
void writeApart(const File& file, std::size_t bytes) {
  const std::string page = sys::freshBytes(sys::kBlockBytes);
  for (const std::size_t first : {std::size_t{0}, sys::kBlockBytes}) {
    for (std::size_t at = first; at < bytes; at += 2 * sys::kBlockBytes) {
      sys::require(file.pwrite(page, static_cast<off_t>(at)), "write", "a page");
    }
  }
}

// Several requests are converted together, of which one fails.
CASE(D2, WhatIsWrittenAgainBesideAFailedWriteIsThere, .loss = Loss::conversion) {
  constexpr std::size_t kLarge = 2 << 20;
  const std::string kept = sys::freshBytes(kLarge);
  {
    const File file = subject.open("large", O_RDWR | O_CREAT);
    sys::require(::fallocate(file.descriptor(), 0, 0, kLarge), "fallocate in", "large");
    EXPECT_OK(file.fsync());
    sys::SectorRange place = sys::firstUnwrittenExtent(subject.upper().open("large"), "large");
    if (place.length * sys::kSectorBytes < kLarge) {
      throw sys::SetupError("fallocate", "made more than one extent of 2 MiB", 0);
    }
    place.length = sys::kBlockBytes / sys::kSectorBytes;
    writeApart(file, kLarge);
    Fault fault = subject.disk.breakSectors(place, "the first page");
    EXPECT_ERRNO(file.fsync(), EIO);
    fault.heal();
    EXPECT_OK(file.pwrite(kept, 0));
    EXPECT_OK(file.fsync());
  }
  remountBare(subject);
  const std::string path = subject.upper().path("large");
  for (const std::size_t at : {std::size_t{0}, kLarge - sys::kBlockBytes}) {  // one in each request
    EXPECT_TRUE(pageOf(path, static_cast<off_t>(at)) == kept.substr(at, sys::kBlockBytes))
        << "at " << at;
  }
}

}  // namespace
}  // namespace conformance
