// SPDX-License-Identifier: GPL-2.0-only
// D5: a disk with a cache of its own, whose power is cut after a call has returned 0.
#include <functional>
#include <string>

#include "conformance/case.h"
#include "conformance/cases/steps.h"
#include "conformance/power_cuts.h"
#include "conformance/silent_loss.h"

namespace conformance {
namespace {

using sys::File;

constexpr const char* kAnswered = "answered";

// The steps say 0 for a page of "data", which must be there after the power cut.
void survives(Subject& subject, const std::function<void(const File& data)>& steps,
              CalledFrom = Line::current()) {
  PowerCuts& cuts = subject.powerCuts();
  const std::string path = subject.upper().path("data");
  std::string written;
  cuts.logWritesOf([&] {
    const File data = subject.upper().open("data");
    steps(data);
    written = pageOf(path, 0);
    cuts.mark(kAnswered);
  });
  cuts.cutAfter(cuts.writesBefore(kAnswered));
  EXPECT_TRUE(pageOf(path, 0) == written) << "the page is not what was written";
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
