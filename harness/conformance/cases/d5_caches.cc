// SPDX-License-Identifier: GPL-2.0-only
// D5: a disk with a cache of its own, whose power is cut after a call has returned 0.
#include <functional>
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

// The steps say 0 for a page of "data", which must be there after the power cut, each time.
void survives(Subject& subject, const std::function<void(const File& data)>& steps,
              CalledFrom = Line::current()) {
  PowerCuts& cuts = subject.powerCuts();
  const std::string path = subject.upper().path("data");
  std::vector<std::string> written;
  cuts.logWritesOf([&] {
    const File data = subject.upper().open("data");
    for (int round = 0; round < kRounds; ++round) {
      steps(data);
      written.push_back(pageOf(path, 0));
      cuts.mark(std::to_string(round));
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    cuts.cutAfter(cuts.writesBefore(std::to_string(round)));
    EXPECT_TRUE(pageOf(path, 0) == written[round]) << "in round " << round << ", the page is lost";
  }
}

// The fsync of another file takes the change of the inode along, so that syncfs finds nothing in
// the journal that would be a reason for a flush.
CASE(D5, SyncfsFlushesThoughTheJournalIsIdle, .subjects = {SubjectKind::plain}) {
  survives(subject, [&](const File& data) {
    const File other = subject.upper().open("other");
    EXPECT_OK(write(data));
    EXPECT_OK(write(other));
    EXPECT_OK(other.fsync());
    EXPECT_OK(data.syncfs());
  });
}

CASE(D5, FsyncFlushesThoughTheJournalIsIdle, .subjects = {SubjectKind::plain}) {
  survives(subject, [&](const File& data) {
    const File other = subject.upper().open("other");
    EXPECT_OK(write(data));
    EXPECT_OK(write(other));
    EXPECT_OK(other.fsync());
    EXPECT_OK(data.fsync());
  });
}

}  // namespace
}  // namespace conformance
