// SPDX-License-Identifier: GPL-2.0-only
// D5: a disk with a cache of its own, whose power is cut after a call has returned 0.
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/power_cuts.h"
#include "conformance/silent_loss.h"

namespace conformance {
namespace {

using sys::File;

// A thread of the filesystem may happen to flush the disk.
constexpr int kRounds = 4;

// What the call says 0 for must be there after a power cut, each time. The fsync of another file
// takes the change of the inode along, so that the call finds nothing in the journal that would be
// a reason for a flush.
void survivesThoughTheJournalIsIdle(Subject& subject, sys::Result (File::*sync)() const,
                                    CalledFrom = Line::current()) {
  PowerCuts& cuts = subject.powerCuts();
  const std::string path = subject.upper().path("data");
  std::vector<std::string> written;
  cuts.logWritesOf([&] {
    const File data = subject.upper().open("data");
    const File other = subject.upper().open("other");
    for (int round = 0; round < kRounds; ++round) {
      EXPECT_OK(write(data));
      EXPECT_OK(write(other));
      EXPECT_OK(other.fsync());
      EXPECT_OK((data.*sync)());
      written.push_back(pageOf(path, 0));
      cuts.mark(std::to_string(round));
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    cuts.cutAfter(cuts.writesBefore(std::to_string(round)));
    EXPECT_TRUE(pageOf(path, 0) == written[round]) << "in round " << round << ", the page is lost";
  }
}

CASE(D5, SyncfsFlushesThoughTheJournalIsIdle, .subjects = {SubjectKind::plain}) {
  survivesThoughTheJournalIsIdle(subject, &File::syncfs);
}

CASE(D5, FsyncFlushesThoughTheJournalIsIdle, .subjects = {SubjectKind::plain}) {
  survivesThoughTheJournalIsIdle(subject, &File::fsync);
}

}  // namespace
}  // namespace conformance
