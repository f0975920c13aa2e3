// SPDX-License-Identifier: GPL-2.0-only
// The model against each rule of lib/errseq.c, and against a description without bits.
#include "errseq/errseq.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cerrno>
#include <vector>

namespace {

using errseq::Cursor;
using errseq::Errseq;

TEST(Errseq, StartsWithoutAnError) {
  Errseq word;
  EXPECT_EQ(word.error(), 0);
  EXPECT_FALSE(word.seen());
  EXPECT_EQ(word.counter(), 0U);
  EXPECT_EQ(word.sample(), Cursor());
  Cursor cursor = word.sample();
  EXPECT_EQ(word.check(cursor), 0);
  EXPECT_EQ(word.checkAndAdvance(cursor), 0);
  EXPECT_FALSE(word.seen()) << "a check that finds nothing leaves no mark";
}

TEST(Errseq, ReportsOnceToACursor) {
  Errseq word;
  Cursor cursor = word.sample();
  ASSERT_TRUE(word.set(EIO));
  EXPECT_EQ(word.checkAndAdvance(cursor), EIO);
  EXPECT_EQ(word.checkAndAdvance(cursor), 0);
}

TEST(Errseq, ReportsToEveryCursor) {
  Errseq word;
  Cursor first = word.sample();
  Cursor second = word.sample();
  word.set(EIO);
  EXPECT_EQ(word.checkAndAdvance(second), EIO);
  EXPECT_EQ(word.checkAndAdvance(first), EIO);
}

TEST(Errseq, CheckNeitherAdvancesNorMarks) {
  Errseq word;
  const Cursor cursor = word.sample();
  word.set(EIO);
  EXPECT_EQ(word.check(cursor), EIO);
  EXPECT_EQ(word.check(cursor), EIO);
  EXPECT_FALSE(word.seen());
}

TEST(Errseq, SampleOfAnUnseenErrorStandsBeforeIt) {
  Errseq word;
  word.set(EIO);
  EXPECT_EQ(word.sample(), Cursor());
  Cursor late = word.sample();
  EXPECT_EQ(word.checkAndAdvance(late), EIO);
}

TEST(Errseq, SampleOfASeenErrorStandsAfterIt) {
  Errseq word;
  Cursor early = word.sample();
  word.set(EIO);
  word.checkAndAdvance(early);
  Cursor late = word.sample();
  EXPECT_NE(late, Cursor());
  EXPECT_EQ(late, early);
  EXPECT_EQ(word.checkAndAdvance(late), 0);
}

TEST(Errseq, SampleItselfIsNoReport) {
  Errseq word;
  word.set(EIO);
  (void)word.sample();
  EXPECT_FALSE(word.seen());
  Cursor second = word.sample();
  EXPECT_EQ(word.checkAndAdvance(second), EIO);
}

TEST(Errseq, LatestErrorWins) {
  Errseq word;
  Cursor cursor = word.sample();
  word.set(EIO);
  word.set(ENOSPC);
  EXPECT_EQ(word.check(cursor), ENOSPC);
  EXPECT_EQ(word.checkAndAdvance(cursor), ENOSPC);
  EXPECT_EQ(word.checkAndAdvance(cursor), 0) << "one report, however many errors it stands for";
}

TEST(Errseq, CounterMovesOnlyPastASeenError) {
  Errseq word;
  Cursor cursor = word.sample();
  word.set(EIO);
  word.set(EIO);
  word.set(ENOSPC);
  EXPECT_EQ(word.counter(), 0U);
  word.checkAndAdvance(cursor);
  EXPECT_EQ(word.counter(), 0U);
  word.set(EIO);
  EXPECT_EQ(word.counter(), 1U);
  word.set(EIO);
  EXPECT_EQ(word.counter(), 1U);
}

TEST(Errseq, NewErrorIsUnseen) {
  Errseq word;
  Cursor cursor = word.sample();
  word.set(EIO);
  word.checkAndAdvance(cursor);
  EXPECT_TRUE(word.seen());
  word.set(EIO);
  EXPECT_FALSE(word.seen());
}

TEST(Errseq, SameErrorAgainIsNewToWhoSawTheFirst) {
  Errseq word;
  Cursor cursor = word.sample();
  word.set(EIO);
  EXPECT_EQ(word.checkAndAdvance(cursor), EIO);
  word.set(EIO);
  EXPECT_EQ(word.checkAndAdvance(cursor), EIO);
}

TEST(Errseq, RefusesWhatIsNoErrno) {
  Errseq word;
  Cursor cursor = word.sample();
  EXPECT_FALSE(word.set(0));
  EXPECT_FALSE(word.set(-EIO));
  EXPECT_FALSE(word.set(errseq::kMaxErrno + 1));
  EXPECT_EQ(word.checkAndAdvance(cursor), 0);
  EXPECT_TRUE(word.set(errseq::kMaxErrno));
  EXPECT_EQ(word.checkAndAdvance(cursor), errseq::kMaxErrno);
  EXPECT_FALSE(word.set(0)) << "an error is never taken back";
  EXPECT_EQ(word.error(), errseq::kMaxErrno);
}

TEST(Errseq, CounterWrapsAndThenAnOldCursorMissesAnError) {
  Errseq word;
  Cursor reader = word.sample();
  word.set(EIO);
  word.checkAndAdvance(reader);
  const Cursor asleep = reader;
  for (std::uint32_t i = 1; i <= errseq::kCounterPeriod; ++i) {
    word.set(EIO);
    if (i < errseq::kCounterPeriod) {
      ASSERT_EQ(word.counter(), i);
    }
    ASSERT_EQ(word.checkAndAdvance(reader), EIO);
  }
  EXPECT_EQ(word.counter(), 0U);
  EXPECT_EQ(word.error(), EIO) << "the counter has wrapped without touching the errno";
  EXPECT_EQ(word.check(asleep), 0) << "the known collision: same errno, counter wrapped";
}

// The same semantics without a word, a bit or a counter: which files still have to report.
class Description {
 public:
  void open() { untold_.push_back(error_ != 0 && !told_anybody_); }
  void fail(int error) {
    error_ = error;
    told_anybody_ = false;
    untold_.assign(untold_.size(), true);
  }
  int peek(std::size_t file) const { return untold_[file] ? error_ : 0; }
  int report(std::size_t file) {
    if (!untold_[file]) return 0;
    untold_[file] = false;
    told_anybody_ = true;
    return error_;
  }
  std::size_t files() const { return untold_.size(); }

 private:
  int error_ = 0;
  bool told_anybody_ = false;
  std::vector<bool> untold_;
};

struct Step {
  int action = 0;  // 0: open, 1: fail, 2: check, 3: check and advance
  std::size_t file = 0;
  int error = EIO;
};

void showValue(const Step& step, std::ostream& out) {
  static const char* const kNames[] = {"open", "fail", "check", "advance"};
  out << kNames[step.action] << " file " << step.file << " error " << step.error;
}

rc::Gen<Step> anyStep() {
  return rc::gen::build<Step>(rc::gen::set(&Step::action, rc::gen::inRange(0, 4)),
                              rc::gen::set(&Step::file, rc::gen::inRange<std::size_t>(0, 8)),
                              rc::gen::set(&Step::error, rc::gen::element(EIO, ENOSPC, EDQUOT)));
}

TEST(ErrseqProperty, AnySequenceGoesAsDescribed) {
  EXPECT_TRUE(rc::check("every answer matches the description", [] {
    const auto steps = *rc::gen::container<std::vector<Step>>(anyStep());
    Errseq word;
    Description description;
    std::vector<Cursor> cursors;
    for (const Step& step : steps) {
      if (step.action == 0) {
        cursors.push_back(word.sample());
        description.open();
      } else if (step.action == 1) {
        RC_ASSERT(word.set(step.error));
        description.fail(step.error);
      } else if (!cursors.empty()) {
        const std::size_t file = step.file % cursors.size();
        if (step.action == 2) {
          RC_ASSERT(word.check(cursors[file]) == description.peek(file));
        } else {
          RC_ASSERT(word.checkAndAdvance(cursors[file]) == description.report(file));
        }
      }
    }
    RC_TAG(description.files() > 0);
  }));
}

TEST(ErrseqProperty, EveryCursorTakenBeforeAnErrorReportsItExactlyOnce) {
  EXPECT_TRUE(rc::check("in any order", [] {
    const auto readers = *rc::gen::inRange<std::size_t>(1, 20);
    const auto earlier_errors = *rc::gen::inRange(0, 5);
    Errseq word;
    for (int i = 0; i < earlier_errors; ++i) {
      Cursor reader = word.sample();
      word.set(ENOSPC);
      word.checkAndAdvance(reader);
    }
    std::vector<Cursor> cursors(readers, word.sample());
    word.set(EIO);
    const auto order =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, readers));
    std::vector<int> reports(readers, 0);
    const auto advance = [&](std::size_t reader) {
      const int error = word.checkAndAdvance(cursors[reader]);
      RC_ASSERT(error == 0 || error == EIO);
      if (error != 0) ++reports[reader];
    };
    for (const std::size_t reader : order) advance(reader);
    for (std::size_t reader = 0; reader < readers; ++reader) advance(reader);
    RC_ASSERT(reports == std::vector<int>(readers, 1));
  }));
}

TEST(ErrseqProperty, WhoOpensAfterAReportGetsNothing) {
  EXPECT_TRUE(rc::check("until the next error", [] {
    const auto errors =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::element(EIO, ENOSPC)));
    Errseq word;
    for (const int error : errors) {
      Cursor early = word.sample();
      word.set(error);
      RC_ASSERT(word.checkAndAdvance(early) == error);
      Cursor late = word.sample();
      RC_ASSERT(word.checkAndAdvance(late) == 0);
    }
  }));
}

}  // namespace
