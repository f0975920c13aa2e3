// SPDX-License-Identifier: GPL-2.0-only
// B2: each call of fd_calls.h on each fd of open_fds.h, of whatever kind and opened with whatever
// flags, fails and changes nothing. B4: it fails again at once. B6: on an overlay that is not
// volatile, none of them fails. A9: nor takes the fd's report.
#include <algorithm>
#include <cstddef>
#include <list>
#include <string>
#include <vector>

#include "conformance/call_on_fds.h"
#include "conformance/cases/failstop.h"
#include "conformance/fd_call_variants.h"
#include "conformance/fd_kinds.h"
#include "conformance/kernel_log.h"
#include "conformance/layer_snapshot.h"
#include "conformance/skip.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

// A call that is the first on its overlay after the error, and the fd.
struct Finding {
  const FdCall* call;
  FdPlan plan;
};

// Each call and each fd finds the error at least once: a finding for each call that reaches a layer
// at all, in the order of the table, and then one for each fd that is left over.
std::vector<Finding> findings() {
  std::vector<FdPlan> left = fdPlans("");
  std::vector<Finding> found;
  const auto reached = [](const FdCall& call, std::vector<FdPlan>& plans) {
    return std::ranges::find_if(
        plans, [&](const FdPlan& plan) { return call.reachesALayer(plan.offers()); });
  };
  for (const FdCall& call : fdCalls()) {
    std::vector<FdPlan> all = fdPlans("");
    if (const auto plan = reached(call, left); plan != left.end()) {
      found.push_back({&call, *plan});
      left.erase(plan);
    } else if (const auto used = reached(call, all); used != all.end()) {
      found.push_back({&call, *used});
    }
  }
  for (std::size_t i = 0; const FdPlan& plan : left) {
    std::vector<const FdCall*> calls;
    for (const FdCall& call : fdCalls()) {
      const bool is_everywhere = call.mate != Mate::ring && !call.is_on_acls;
      if (is_everywhere && call.reachesALayer(plan.offers())) calls.push_back(&call);
    }
    if (!calls.empty()) found.push_back({calls[i++ % calls.size()], plan});
  }
  return found;
}

// The first call that is made since the error, and then all others.
void findsTheErrorOnTheFirst(const View& view, const File& file, CallOnFds& on_fds,
                             CalledFrom = Line::current()) {
  KernelLog log;
  const bool has_failed = on_fds.asksTheFirst();
  EXPECT_EQ(timesThatItFailed(log), 1)
      << "lines of the kernel log say that it failed, after the call on " << on_fds.first();
  // Calls that go on may do harm: io_uring in 6.1 holds a file for seconds.
  if (has_failed) {
    on_fds.failsOnAll();
    staysFailed(view, file, log);
  }
  EXPECT_TRUE(on_fds.wrongAnswers().empty()) << on_fds.wrongAnswers();
}

// The second overlay of calls with two files. Other calls do not look at it.
const View& otherFor(const FdCall& call, Subject& subject) {
  return call.mate == Mate::other_overlay ? subject.beside.another() : subject.upper();
}

void failsOnEveryFd(Subject& subject, const FdCall& call, const std::string& first) {
  const File file = subject.open("other");
  const std::vector<FdUnderTest> fds = openFds(subject, fdPlans(""));
  CallOnFds on_fds(call, subject, otherFor(call, subject), fds);
  on_fds.beginWith(first);
  subject.loseWritebackElsewhere();
  if (on_fds.reachesAny()) return findsTheErrorOnTheFirst(subject, file, on_fds);
  EXPECT_ERRNO(read(file), EIO);
  on_fds.failsOnAll();
  EXPECT_TRUE(on_fds.wrongAnswers().empty()) << on_fds.wrongAnswers();
}

// Whether an overlay that has failed says so. Without series B all calls would go on, and in 5.10
// the deduplication of a metacopy on btrfs is an oops: the lower file is not btrfs's.
bool hasFailed(const File& file, CalledFrom = Line::current()) {
  const Result answer = read(file);
  EXPECT_ERRNO(answer, EIO);
  return answer == Result::failure(EIO);
}

// All calls of a table that the kernel has; those that it lacks are skipped one by one in the cases
// above. Not through io_uring: a worker of 6.1 holds the file that was copied up until it ends, for
// seconds, and keeps the overlay mounted.
std::list<CallOnFds> everyCall(Subject& subject, const std::vector<FdUnderTest>& fds,
                               const std::vector<FdCall>& table = fdCalls()) {
  const View& other = subject.beside.another();
  std::list<CallOnFds> calls;
  for (const FdCall& call : table) {
    if (call.mate == Mate::ring) continue;
    try {
      calls.emplace_back(call, subject, other, fds);
    } catch (const Skipped&) {
      continue;
    }
  }
  return calls;
}

void everyCallFails(Subject& subject, const std::vector<FdPlan>& plans,
                    const std::vector<FdCall>& table = fdCalls(), CalledFrom = Line::current()) {
  const File file = subject.open("other");
  const std::vector<FdUnderTest> fds = openFds(subject, plans);
  std::list<CallOnFds> calls = everyCall(subject, fds, table);
  subject.loseWritebackElsewhere();
  if (!hasFailed(file)) return;
  for (CallOnFds& on_fds : calls) {
    on_fds.failsOnAll();
    EXPECT_TRUE(on_fds.wrongAnswers().empty()) << on_fds.wrongAnswers();
  }
}

CASE(B2, EveryCallOnAMetacopyFile, .subjects = kVolatileOnly, .overlay_options = kMetacopy) {
  everyCallFails(subject, fdPlans(kMetacopy));
}

CASE(B2, EveryCallOnAFileOpenedByHandle, .subjects = kVolatileOnly, .overlay_options = kHandles) {
  everyCallFails(subject, fdPlans(kHandles));
}

CASE(B2, EveryVariantOfACallOnEveryKindOfFd, .subjects = kVolatileOnly) {
  everyCallFails(subject, plainFdPlans(), fdCallVariants());
}

CASE(B2, NoCallThatFailsChangesALayer, .subjects = kVolatileOnly) {
  const File file = subject.open("other");
  const std::vector<FdUnderTest> fds = openFds(subject, fdPlans(""));
  std::list<CallOnFds> calls = everyCall(subject, fds);
  subject.loseWritebackElsewhere();
  if (!hasFailed(file)) return;
  const std::string upper = subject.upper().root(), lower = subject.layers.lower();
  setOldTimes(upper);
  const LayerSnapshot upper_before = takeSnapshot(upper), lower_before = takeSnapshot(lower);
  for (CallOnFds& on_fds : calls) on_fds.failsOnAll();
  const std::string changed = differences(upper_before, takeSnapshot(upper)) +
                              differences(lower_before, takeSnapshot(lower));
  EXPECT_TRUE(changed.empty()) << changed;
}

void everyCallGoesOn(Subject& subject, const std::vector<FdPlan>& plans,
                     const std::vector<FdCall>& table, CalledFrom = Line::current()) {
  const std::vector<FdUnderTest> fds = openFds(subject, plans);
  std::list<CallOnFds> calls = everyCall(subject, fds, table);
  subject.loseWritebackElsewhere();
  for (CallOnFds& on_fds : calls) {
    if (on_fds.mate() == Mate::aio) continue;  // in 6.1, the overlay stays busy after it
    if (on_fds.title() == "Syncfs") continue;  // on this mount it reports
    on_fds.failsOnNone();
    EXPECT_TRUE(on_fds.wrongAnswers().empty()) << on_fds.wrongAnswers();
  }
}

CASE(B6, EveryCallOnEveryFdGoesOn, .subjects = kOverlayOnly) {
  everyCallGoesOn(subject, fdPlans(""), fdCalls());
}

CASE(B6, EveryVariantOfACallGoesOn, .subjects = kOverlayOnly) {
  everyCallGoesOn(subject, plainFdPlans(), fdCallVariants());
}

// The first calls copy up what is in a lower layer: then the same fds have another real file.
CASE(A9, NoCallOnAnFdTakesItsReport, .subjects = kOverlayOnly, .limit_seconds = 60) {
  const std::vector<FdUnderTest> fds = openFds(subject, fdPlans(""));
  std::list<CallOnFds> calls = everyCall(subject, fds);
  for (const bool others_have_seen_it : {false, true}) {
    for (CallOnFds& on_fds : calls) {
      if (on_fds.mate() == Mate::aio || on_fds.title() == "Syncfs") continue;
      subject.loseWritebackElsewhere();
      if (others_have_seen_it) {
        EXPECT_ERRNO(subject.upper().open("other").syncfs(), EIO);
      }
      on_fds.failsOnNone();
      for (const FdUnderTest& fd : fds) {
        const Result answer = fd.file.syncfs();
        if (answer == Result::failure(EBADF)) continue;  // O_PATH
        EXPECT_ERRNO(answer, EIO) << on_fds.title() << " on " << fd.name;
      }
    }
  }
}

// One call on one fd of a fresh overlay is the first that is made since the error.
void findsTheErrorAlone(const WithSubject& with_subject, const FdPlan& plan, const FdCall& call) {
  with_subject("", [&](Subject& subject) {
    const File file = subject.open("other");
    const std::vector<FdUnderTest> fds = openFds(subject, {plan});
    if (fds.empty()) return;
    CallOnFds on_fds(call, subject, otherFor(call, subject), fds);
    subject.loseWritebackElsewhere();
    findsTheErrorOnTheFirst(subject, file, on_fds);
  });
}

const bool kAddedForFds = [] {
  const Traits quick{.subjects = kVolatileOnly};
  const Traits each_fd{.subjects = kVolatileOnly, .long_running = true, .limit_seconds = 120};
  std::vector<Finding> left = findings();
  for (const FdCall& call : fdCalls()) {
    std::string first;
    if (!left.empty() && left.front().call == &call) {
      first = left.front().plan.name();
      left.erase(left.begin());
    }
    Registration({"B2", call.title + "OnEveryFd", Line::current(), quick,
                  [&call, first](Subject& subject) { failsOnEveryFd(subject, call, first); }});
    // It reaches no layer, or the same functions of overlayfs as Pread, Pwrite and Fsync.
    if (first.empty() || call.mate == Mate::ring) continue;
    Registration({"B2",
                  call.title + "OnEachFdFindsTheError",
                  Line::current(),
                  each_fd,
                  {},
                  [&call](const WithSubject& with_subject) {
                    for (const FdPlan& plan : fdPlans("")) {
                      if (call.reachesALayer(plan.offers()))
                        findsTheErrorAlone(with_subject, plan, call);
                    }
                  }});
  }
  Registration({"B2",
                "EveryOtherFdFindsTheError",
                Line::current(),
                quick,
                {},
                [left](const WithSubject& with_subject) {
                  for (const Finding& each : left) {
                    findsTheErrorAlone(with_subject, each.plan, *each.call);
                  }
                }});
  return true;
}();

}  // namespace
}  // namespace conformance
