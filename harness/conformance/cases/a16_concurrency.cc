// SPDX-License-Identifier: GPL-2.0-only
// A16: any number of callers at the same time: one fd has one report for each error, N fds have N.
#include <atomic>
#include <thread>
#include <vector>

#include "conformance/callers.h"
#include "conformance/case.h"
#include "sys/device_blocks.h"

namespace conformance {
namespace {

using sys::File;
using sys::Result;

constexpr int kCallers = 4;
constexpr int kFewRounds = 2;
constexpr int kManyRounds = 300;
constexpr int kLongLimit = 300;  // seconds

constexpr off_t kMiddle = kDataBytes / 2;  // of the data; it fails wherever the data lies
// The failed request, the page and, on btrfs, the ordered extent may each record the loss of one
// block, and a caller may come in between.
constexpr int kMaxRecordsPerBlock = 3;

// Reports of EIO among the answers; any other error is a failure.
int reports(const std::vector<Result>& answers, CalledFrom = Line::current()) {
  int count = 0;
  for (const Result& answer : answers) {
    if (answer == Result::failure(EIO)) {
      ++count;
    } else {
      EXPECT_OK(answer);
    }
  }
  return count;
}

void oneReportForOneFd(Subject& subject, int rounds, CalledFrom = Line::current()) {
  const File file = subject.open("data");
  for (int round = 0; round < rounds; ++round) {
    subject.loseWriteback();
    EXPECT_EQ(reports(syncfsInThreads(std::vector<const File*>(kCallers, &file))), 1)
        << "in round " << round;
  }
}

void oneReportForEachFd(Subject& subject, int rounds, CalledFrom = Line::current()) {
  std::vector<File> files;
  for (int i = 0; i < kCallers; ++i) files.push_back(subject.open("data"));
  std::vector<const File*> callers;
  for (const File& file : files) callers.insert(callers.end(), 2, &file);
  for (int round = 0; round < rounds; ++round) {
    subject.loseWriteback();
    const std::vector<Result> answers = syncfsInThreads(callers);
    for (std::size_t i = 0; i < answers.size(); i += 2) {
      EXPECT_EQ(reports({answers[i], answers[i + 1]}), 1)
          << "in round " << round << ", fd " << i / 2;
    }
  }
}

void oneReportForProcesses(Subject& subject, int rounds, CalledFrom = Line::current()) {
  const File file = subject.open("data");
  for (int round = 0; round < rounds; ++round) {
    subject.loseWriteback();
    EXPECT_EQ(reports(syncfsInChildren(file, kCallers)), 1) << "in round " << round;
  }
}

// Stops the callers, also if the case ends early.
class EndOfErrors {
 public:
  explicit EndOfErrors(std::atomic<bool>& over) : over_(over) {}
  EndOfErrors(const EndOfErrors&) = delete;
  EndOfErrors& operator=(const EndOfErrors&) = delete;
  ~EndOfErrors() { over_ = true; }

 private:
  std::atomic<bool>& over_;
};

// Errors arrive while other threads call syncfs. No fd gets more reports than errors were recorded,
// and nothing is left to report after one more call after the last error.
void errorsWhileOthersAsk(Subject& subject, int errors, CalledFrom = Line::current()) {
  const File shared = subject.open("data");
  const File own = subject.open("other");
  const File writing = subject.open("data");
  const File on_upper = subject.upper().open("data");
  std::atomic<bool> over = false;
  std::atomic<int> shared_reports = 0;
  std::atomic<int> own_reports = 0;
  std::atomic<int> other_errors = 0;
  const auto ask = [&](const File& file, std::atomic<int>& count) {
    // Once more after the last error, which may have arrived after the last answer.
    for (bool last = false; !last;) {
      last = over;
      const Result answer = file.syncfs();
      if (answer == Result::failure(EIO)) {
        ++count;
      } else if (!answer.ok()) {
        ++other_errors;
      }
    }
  };
  int lost = 0;
  {
    std::vector<std::jthread> threads;
    const EndOfErrors end(over);
    threads.emplace_back([&] { ask(shared, shared_reports); });
    threads.emplace_back([&] { ask(shared, shared_reports); });
    threads.emplace_back([&] { ask(own, own_reports); });
    Fault fault = subject.breakData();
    for (int i = 0; i < errors; ++i) {
      EXPECT_OK(writing.pwrite(sys::freshBytes(sys::kBlockBytes), kMiddle));
      // Whoever starts the writeback first gets the error, here or in a syncfs.
      if (on_upper.fsync() == Result::failure(EIO)) ++lost;
    }
    fault.heal();
  }
  EXPECT_GT(lost, 0);
  EXPECT_GE(shared_reports, 1);
  EXPECT_GE(own_reports, 1);
  EXPECT_LE(shared_reports, errors * kMaxRecordsPerBlock);
  EXPECT_LE(own_reports, errors * kMaxRecordsPerBlock);
  EXPECT_EQ(other_errors, 0);
  EXPECT_OK(shared.syncfs());
  EXPECT_OK(own.syncfs());
  subject.loseWriteback();
  EXPECT_EQ(reports(syncfsInThreads({&shared, &shared, &own, &own})), 2);
}

// On a read-only mount syncfs only checks the cursor, so that two callers collide there.
void oneReportWhereNothingIsSynced(Subject& subject, int rounds, CalledFrom = Line::current()) {
  const File file = subject.open("data", O_RDONLY);
  EXPECT_OK(subject.mount.remountReadOnly());
  for (int round = 0; round < rounds; ++round) {
    subject.loseWritebackThrough(subject.upper());
    EXPECT_EQ(reports(syncfsInThreads({&file, &file})), 1) << "in round " << round;
  }
}

CASE(A16, ThreadsShareOneReportOfOneFd) {
  oneReportForOneFd(subject, kFewRounds);
}

CASE(A16, ThreadsWithFdsOfTheirOwnGetOneEach) {
  oneReportForEachFd(subject, kFewRounds);
}

CASE(A16, ProcessesShareOneReportOfOneFd) {
  oneReportForProcesses(subject, 1);  // fork takes long
}

CASE(A16, ErrorsArriveWhileOthersAsk) {
  errorsWhileOthersAsk(subject, kFewRounds);
}

// On an overlay only: without the first patch of series A, two callers on the bare filesystem may
// both get the one report.
CASE(A16, ThreadsShareOneReportOfOneFdForLong, .subjects = kOverlayOnly, .long_running = true,
     .limit_seconds = kLongLimit) {
  oneReportForOneFd(subject, kManyRounds);
}

CASE(A16, CallersThatMeetInTheCheckShareOneReport, .subjects = kOverlayOnly, .long_running = true,
     .limit_seconds = kLongLimit) {
  oneReportWhereNothingIsSynced(subject, kManyRounds);
}

CASE(A16, ThreadsWithFdsOfTheirOwnGetOneEachForLong, .subjects = kOverlayOnly, .long_running = true,
     .limit_seconds = kLongLimit) {
  oneReportForEachFd(subject, kManyRounds);
}

CASE(A16, ProcessesShareOneReportOfOneFdForLong, .subjects = kOverlayOnly, .long_running = true,
     .limit_seconds = kLongLimit) {
  oneReportForProcesses(subject, kManyRounds);
}

CASE(A16, ErrorsArriveWhileOthersAskForLong, .long_running = true, .limit_seconds = kLongLimit) {
  errorsWhileOthersAsk(subject, kManyRounds);
}

}  // namespace
}  // namespace conformance
